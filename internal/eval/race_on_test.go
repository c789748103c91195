//go:build race

package eval_test

// raceSlowdown is how much slower the race detector makes the code, at most.
const raceSlowdown = 20
