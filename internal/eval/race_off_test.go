//go:build !race

package eval_test

const raceSlowdown = 1
