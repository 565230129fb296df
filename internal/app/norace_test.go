//go:build !race

package app

// thin is what part of the cells is asked: all.
const thin = 1
