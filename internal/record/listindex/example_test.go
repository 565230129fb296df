package listindex_test

import (
	"fmt"

	"concord/internal/record/listindex"
)

func Example() {
	x := listindex.New()
	x.Apply(7, []listindex.Entry{
		{N: 1, Kind: "need", Cell: listindex.Public, Owner: "FJI", Values: []listindex.Value{{Field: "topic", Code: "law"}}},
		{N: 2, Kind: "need", Cell: listindex.States, Owner: "KEN", Values: []listindex.Value{{Field: "topic", Code: "cert"}}},
		{N: 3, Kind: "need", Cell: listindex.Named, Owner: "TON", Readers: []string{"@pif"}},
	})
	q := listindex.Query{Kinds: []string{"need"}, Facets: []string{"topic", "owner"}, Limit: 20}

	public := x.Query(listindex.Scope{}, q)
	fmt.Println(public.Total, public.Ns, public.Counts)
	fiji := x.Query(listindex.Scope{Party: "FJI", States: true, Codes: []string{"FJI", "@pif"}}, q)
	fmt.Println(fiji.Total, fiji.Ns, fiji.Counts)
	// Output:
	// 1 [1] map[owner:[{FJI 1}] topic:[{law 1}]]
	// 3 [1 2 3] map[owner:[{FJI 1} {KEN 1} {TON 1}] topic:[{cert 1} {law 1}]]
}
