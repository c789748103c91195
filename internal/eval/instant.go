package eval

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// instant is a point in time, however it was written.
type instant struct {
	seconds int64 // since 1970-01-01T00:00:00Z
	nanos   int64
}

func (t instant) compare(u instant) int {
	return cmp.Or(cmp.Compare(t.seconds, u.seconds), cmp.Compare(t.nanos, u.nanos))
}

// maxEpochDigits keeps epoch seconds inside an int64.
const maxEpochDigits = 18

// parseInstant reads seconds since the epoch, or the W3C profile of ISO 8601:
// YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss[.fraction]] with Z, +hh:mm or -hh:mm.
// Without a zone it is UTC. Four digits alone are seconds, not a year.
func parseInstant(s string) (instant, bool) {
	if allDigits(s) {
		if len(s) > maxEpochDigits {
			return instant{}, false
		}
		n, err := strconv.ParseInt(s, 10, 64)
		return instant{seconds: n}, err == nil
	}
	day, clock, timed := strings.Cut(s, "T")
	seconds, ok := parseDay(day)
	if !ok || !timed {
		return instant{seconds: seconds}, ok && !timed
	}
	clock, offset, ok := cutZone(clock)
	if !ok {
		return instant{}, false
	}
	t, ok := parseClock(clock)
	t.seconds += seconds - offset
	return t, ok
}

// parseDay reads YYYY-MM or YYYY-MM-DD into seconds since the epoch.
func parseDay(s string) (int64, bool) {
	year, ok := fixedNumber(s, 0, 4)
	month, ok2 := fixedNumber(s, 5, 2)
	day, ok3 := 1, len(s) == 7
	if len(s) == 10 {
		day, ok3 = fixedNumber(s, 8, 2)
		ok3 = ok3 && s[7] == '-'
	}
	if !ok || !ok2 || !ok3 || s[4] != '-' {
		return 0, false
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	real := t.Year() == year && int(t.Month()) == month && t.Day() == day
	return t.Unix(), real
}

// parseClock reads hh:mm, hh:mm:ss or hh:mm:ss.fraction into the time since midnight.
func parseClock(s string) (instant, bool) {
	hour, ok := fixedNumber(s, 0, 2)
	minute, ok2 := fixedNumber(s, 3, 2)
	if !ok || !ok2 || s[2] != ':' || hour > 23 || minute > 59 {
		return instant{}, false
	}
	t := instant{seconds: int64(hour*60+minute) * 60}
	if len(s) == 5 {
		return t, true
	}
	second, ok := fixedNumber(s, 6, 2)
	if !ok || s[5] != ':' || second > 59 {
		return instant{}, false
	}
	t.seconds += int64(second)
	if len(s) == 8 {
		return t, true
	}
	t.nanos, ok = parseFraction(s[8:])
	return t, ok
}

// parseFraction reads a point and one to nine digits into nanoseconds.
func parseFraction(s string) (int64, bool) {
	if s[0] != '.' || len(s) > 10 || !allDigits(s[1:]) {
		return 0, false
	}
	n := int64(0)
	for i := 1; i <= 9; i++ {
		n *= 10
		if i < len(s) {
			n += int64(s[i] - '0')
		}
	}
	return n, true
}

// cutZone takes the zone off a time of day and returns its offset in seconds east.
func cutZone(s string) (clock string, offset int64, ok bool) {
	if clock, found := strings.CutSuffix(s, "Z"); found {
		return clock, 0, true
	}
	i := strings.IndexAny(s, "+-")
	if i < 0 {
		return s, 0, true
	}
	zone := s[i+1:]
	hours, ok := fixedNumber(zone, 0, 2)
	minutes, ok2 := fixedNumber(zone, 3, 2)
	if !ok || !ok2 || len(zone) != 5 || zone[2] != ':' || hours > 23 || minutes > 59 {
		return s, 0, false
	}
	offset = int64(hours*60+minutes) * 60
	if s[i] == '-' {
		offset = -offset
	}
	return s[:i], offset, true
}

// fixedNumber reads n digits of s from the given place.
func fixedNumber(s string, from, n int) (int, bool) {
	if len(s) < from+n || !allDigits(s[from:from+n]) {
		return 0, false
	}
	v := 0
	for _, c := range []byte(s[from : from+n]) {
		v = v*10 + int(c-'0')
	}
	return v, true
}
