package templates

import "time"

// UserSecurityPage is how a person signs in, as operators see it. Addresses are empty where the viewer may not act.
type UserSecurityPage struct {
	Head          UserHead
	PasswordAt    time.Time
	PasswordOff   bool // refused after failures until it is reset, except in browsers where they proved a factor
	Devices       []DeviceRow
	CodesLeft     int
	CodesOff      bool
	Pending       string // what an unused link is for; empty when there is none
	PendingTo     time.Time
	Sessions      []SessionRow
	Browsers      []BrowserRow
	News          []NewsRow
	Issued        IssuedProps // role credentials in use
	ResetPassword string
	Invite        string
	ResetMFA      string
	EndAll        string
	Now           time.Time
}

func (p UserSecurityPage) passwordActions() []Action {
	switch {
	case p.ResetPassword != "":
		return []Action{{Text: "Reset password", Href: p.ResetPassword, Icon: "lock", Dialog: true}}
	case p.Invite != "":
		return []Action{{Text: "New invitation", Href: p.Invite, Icon: "mail", Post: true}}
	}
	return nil
}

func (p UserSecurityPage) passwordFacts() []Fact {
	set := Status(ToneWait, "not set yet")
	if !p.PasswordAt.IsZero() {
		set = Time(p.PasswordAt, p.Now)
	}
	facts := []Fact{{Label: "Password set", Value: set}}
	if p.PasswordOff {
		facts = append(facts, Fact{Label: "State", Value: Status(ToneBad, "off after 100 wrong ones in a row, but not in browsers where they proved a second factor; reset it")})
	}
	if p.Pending != "" {
		facts = append(facts, Fact{Label: "Link for " + p.Pending, Value: Status(ToneWait, "not used yet, good until "+
			p.PendingTo.UTC().Format("15:04")+" UTC")})
	}
	return facts
}

func (p UserSecurityPage) factorActions() []Action {
	if p.ResetMFA == "" {
		return nil
	}
	return []Action{{Text: "Reset second factor", Href: p.ResetMFA, Icon: "device-mobile", Dialog: true}}
}

func (p UserSecurityPage) factorFacts() []Fact {
	apps, refused := 0, 0
	for _, d := range p.Devices {
		switch {
		case d.Refused:
			refused++
		case d.icon() == iconApp:
			apps++
		}
	}
	codes := Status(ToneOK, "accepted")
	switch {
	case p.CodesOff:
		codes = Status(ToneBad, "off after 5 wrong ones in a row; reset the second factor unless they have a key or a recovery code")
	case len(p.Devices) == 0:
		codes = Status(ToneWarn, "no second factor")
	case apps == 0:
		codes = Status(ToneOK, "no authenticator app, a security key instead")
	}
	facts := []Fact{{Label: "Codes", Value: codes}, {Label: "Recovery codes left", Value: Text(Number(p.CodesLeft))}}
	if refused > 0 {
		facts = append(facts, Fact{Label: "Keys", Value: Status(ToneBad, Plural(refused, "key is", "keys are")+" refused: there may be a copy")})
	}
	return facts
}

func (p UserSecurityPage) endAll() []Action {
	if p.EndAll == "" {
		return nil
	}
	return []Action{{Text: "Sign out everywhere", Href: p.EndAll, Icon: "logout", Post: true}}
}

// LinkMadePage shows a one-time link, once.
type LinkMadePage struct {
	Name, Purpose, Link string // without Link it went out by e-mail, to Address
	Address             string
	Expires             time.Time
	Back                string
}
