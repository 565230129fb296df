//go:build race

package app

// thin is what part of the cells is asked: the race detector makes each ten
// times as slow.
const thin = 8
