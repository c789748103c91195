package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"gatehouse/internal/mail"
	"gatehouse/internal/vault"
)

// mailPasswordVariable may hold the password of the SMTP server's user. It has no flag, because flags are seen by everybody
// on the machine.
const mailPasswordVariable = "GATEHOUSE_SMTP_PASSWORD" // #nosec G101 -- the name of a variable, not a secret

// mailPassword is where the password comes from: the variable's value, or the file of a name.
type mailPassword struct{ value, file string }

func (p mailPassword) read() (vault.Secret, error) {
	if p.file == "" {
		return vault.Secret(p.value), nil
	}
	if p.value != "" {
		return "", fmt.Errorf("--smtp-password-file: %s is set as well; give one of them", mailPasswordVariable)
	}
	text, err := os.ReadFile(p.file)
	if err != nil {
		return "", fmt.Errorf("--smtp-password-file: %w", err)
	}
	return vault.Secret(strings.TrimRight(string(text), "\r\n")), nil
}

// readMail reads the SMTP server, if one is named.
func (c *config) readMail(address, from string, password mailPassword) error {
	if address == "" {
		if from != "" || password.file != "" {
			return errors.New("--smtp-from and --smtp-password-file: they need --smtp")
		}
		return nil
	}
	secret, err := password.read()
	if err != nil {
		return err
	}
	server, err := mail.Parse(address, from, secret)
	if err != nil {
		return fmt.Errorf("--smtp: %w", err) // the address itself may hold a password
	}
	c.Mail = &server
	return nil
}
