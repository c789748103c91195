package mailtest_test

import (
	"testing"

	"gatehouse/internal/mail/mailtest"
)

// A test that sends nothing is over before its server has begun.
func TestAServerThatNobodyUsesEnds(t *testing.T) {
	for range 200 {
		t.Run("unused", func(t *testing.T) { mailtest.Start(t, mailtest.Kind{}) })
	}
}
