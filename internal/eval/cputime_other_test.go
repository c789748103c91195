//go:build !linux

package eval_test

import "time"

// cpuTime is how long a function took.
func cpuTime(run func()) time.Duration {
	started := time.Now()
	run()
	return time.Since(started)
}
