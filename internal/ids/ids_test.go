package ids

import (
	"testing"
	"time"
)

func TestNew(t *testing.T) {
	early := New(time.UnixMilli(1_000_000_000_000))
	late := New(time.UnixMilli(1_000_000_000_001))
	if !Valid(early) || !Valid(late) {
		t.Errorf("not valid: %q, %q", early, late)
	}
	if early >= late {
		t.Errorf("%q does not sort before %q", early, late)
	}
	if early == New(time.UnixMilli(1_000_000_000_000)) {
		t.Error("two identifiers of one moment are the same")
	}
	for _, s := range []string{"", "x", early + "0", early[:25] + "i", early[:25] + "/"} {
		if Valid(s) {
			t.Errorf("%q is valid", s)
		}
	}
}
