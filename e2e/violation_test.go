package e2e

import (
	"strings"
	"testing"
	"time"
)

func TestWhatTheBrowserRefusesIsReportedToTheLog(t *testing.T) {
	t.Parallel()
	c := startConsole(t)
	j := newJourney(t, c.base, view{})
	j.Open(c.SetupPath())
	Eval[bool](j, `document.body.append(Object.assign(new Image(), {src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw='})), true`)
	said := func() bool {
		return strings.Contains(c.out.String(), "route=/setup/:token directive=img-src blocked=data")
	}
	for late := time.Now().Add(patience); !said() && time.Now().Before(late); time.Sleep(10 * time.Millisecond) {
	}
	if !said() {
		t.Errorf("the log says nothing of it:\n%s", c.out)
	}
	j.mu.Lock()
	j.problems = nil // that the image was refused is meant
	j.mu.Unlock()
}
