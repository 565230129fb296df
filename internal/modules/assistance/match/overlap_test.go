package match

import (
	"testing"
	"time"
)

func TestOverlaps(t *testing.T) {
	day := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	topics := []Topic{{Code: "csirt"}, {Code: "csirt-new", Parent: "csirt"}, {Code: "csirt-old", Parent: "csirt"}, {Code: "law"}}
	members := func(g string) []string {
		return map[string][]string{"@pacific": {"TON", "WSM"}, "@sids": {"TON", "MUS"}}[g]
	}
	a := Offer{ID: "a", Topics: []string{"csirt-new"}, Named: []string{"TON"}, ValidFrom: day(2024), ValidTo: day(2026)}
	others := []Offer{
		a,
		{ID: "group", Topics: []string{"csirt", "law"}, Named: []string{"@pacific"}, ValidFrom: day(2025), ValidTo: day(2027)},
		{ID: "both", Topics: []string{"csirt-new"}, Eligible: []string{"@pacific+@sids"}},
		{ID: "other topic", Topics: []string{"csirt-old"}, Named: []string{"TON"}},
		{ID: "other State", Topics: []string{"csirt"}, Named: []string{"WSM"}},
		{ID: "later", Topics: []string{"csirt"}, Named: []string{"TON"}, ValidFrom: day(2028)},
		{ID: "for all", Topics: []string{"csirt"}, Open: true, Named: []string{All}},
		{ID: "over", Topics: []string{"csirt"}, Named: []string{"TON"}, Status: StatusCompleted},
	}
	same(t, "Overlaps", Overlaps(a, others, topics, members), []Overlap{
		{With: "both", Parties: []string{"TON"}, Topics: []string{"csirt-new"}, From: day(2024), To: day(2026)},
		{With: "group", Parties: []string{"TON"}, Topics: []string{"csirt-new"}, From: day(2025), To: day(2026), Sure: true},
	})
}
