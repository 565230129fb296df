package app

// writes are the acts of routes that change records; see matrix_write_test.go.
var writes = map[string]bool{
	"create": true, "import": true, "update": true, "patch": true, "withdraw": true, "move": true, "transition": true, "sign-out": true,
}
