package center

import (
	"net/url"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// letter is an e-mail before it is put into the outbox. Its subject is shown to administrators, its text to nobody but the
// person.
type letter struct {
	kind          model.MailKind
	to            model.User
	subject, text string
	life          time.Duration // after which it is not worth sending any more
}

func greeting(u model.User) string { return "Hello " + u.DisplayName + ",\n\n" }

// linkLetter carries a one-time link.
func (c *Center) linkLetter(u model.User, purpose model.LinkPurpose, token vault.Secret) letter {
	l := letter{to: u, life: LinkLife}
	words := ""
	switch purpose {
	case model.LinkInvitation:
		l.kind, l.subject = model.MailInvitation, "Your invitation to Gatehouse"
		words = "You have been invited to sign in to your AWS accounts and roles. Your user name is " + u.UserName + ".\n" +
			"Choose a password here:"
	case model.LinkMFAReset:
		l.kind, l.subject = model.MailMFAReset, "Set up a new second factor"
		words = "Your second factor was reset. Set up a new one here; you are asked for your password:"
	default:
		l.kind, l.subject = model.MailPassword, "Choose a new password"
		words = "Here you can choose a new password. Your second factor stays and is asked for:"
	}
	l.text = greeting(u) + words + "\n\n" + c.BaseURL + "/invite/" + url.PathEscape(token.Reveal()) + "\n\n" +
		"The link works once, within 15 minutes. Nobody who looks after Gatehouse needs it: do not pass it on.\n"
	if purpose == model.LinkForgotten {
		l.text += "If you did not ask for it, do nothing: your password stays as it is.\n"
	}
	return l
}

// noticeLetter tells of something that happened to a person's sign-in.
func (c *Center) noticeLetter(u model.User, text string) letter {
	return letter{kind: model.MailNotice, to: u, life: newsLife, subject: "News about how you sign in to Gatehouse",
		text: greeting(u) + text + "\n\nIf that was not you, tell an administrator at once, and look here:\n\n" + c.BaseURL + "/me\n"}
}

// decidedLetter tells of what became of something that a person asked for.
func (c *Center) decidedLetter(u model.User, a model.Approval, text string) letter {
	return letter{kind: model.MailNotice, to: u, life: newsLife, subject: "What became of what you asked for in Gatehouse",
		text: greeting(u) + text + "\n\n" + c.BaseURL + "/approvals/" + string(a.ID) + "\n"}
}

// alarmLetter tells somebody who may read the trail of what concerns everybody.
func (c *Center) alarmLetter(u model.User, text string) letter {
	return letter{kind: model.MailNotice, to: u, life: newsLife, subject: "Many wrong codes in Gatehouse",
		text: greeting(u) + text + "\n\nThe overview says who is concerned:\n\n" + c.BaseURL + "/\n"}
}

// testLetter shows that e-mails arrive.
func testLetter(u model.User) letter {
	return letter{kind: model.MailTest, to: u, life: newsLife, subject: "Gatehouse can send e-mail",
		text: greeting(u) + "This is the test that you asked for. E-mails of Gatehouse reach you.\n"}
}
