package exchange_test

import (
	"bytes"
	"testing"

	"concord/internal/access"
	"concord/internal/db/dbtest"
	"concord/internal/exchange"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/record"
)

func TestTemplate(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	for _, k := range p.Kinds().All() {
		if k.Internal {
			continue
		}
		for _, l := range i18n.Langs() {
			var b bytes.Buffer
			if err := exchange.Template(&b, p.Kinds(), k, l); err != nil {
				t.Fatal(err)
			}
			rep := p.take(t, p.person("KEN", access.FocalPoint), k.Name, b.String(), exchange.Options{Lang: l, DryRun: true})
			if rep.Created != 1 || len(rep.Problems) > 0 {
				t.Errorf("%s in %s: %v\n%s", k.Name, l, codes(rep), &b)
			}
		}
	}
}

func TestDetect(t *testing.T) {
	for text, want := range map[string]exchange.Format{
		`{"meta":{"topics":["a"],"n":1},"entries":[{"id":"x"}]}`: exchange.Statements,
		`{"needs":[`: exchange.Statements,
		`{"id":"a","lang":"en","title":"t","text":"x"}` + "\n{}": exchange.Documents,
		`{"type":"bundle","id":"bundle--1","objects":[]}`:        exchange.STIX,
		"\ufefftitle;topics\nx;y\n":                              exchange.CSV,
		"title\nx":                                               exchange.CSV,
		"BEGIN:VCALENDAR\r\n":                                    exchange.ICS,
		"begin:vcard\r\n":                                        exchange.VCard,
		`<?xml version="1.0"?><iati-activities version="2.03">`:  exchange.IATI,
		"PK\x03\x04":                                             exchange.Workbook,
		"%PDF-1.7":                                               exchange.Unknown,
		"<html>":                                                 exchange.Unknown,
		"\x00\x01\x02":                                           exchange.Unknown,
		`{"a":1}`:                                                exchange.Unknown,
		`{"text":"entries"}`:                                     exchange.Unknown,
		"":                                                       exchange.Unknown,
	} {
		if got := exchange.Detect([]byte(text)); got != want {
			t.Errorf("%.40q: %q, want %q", text, got, want)
		}
		if err := exchange.Detect([]byte(text)).Readable(); (err == nil) != (want == exchange.CSV || want == exchange.Statements) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

func BenchmarkExport(b *testing.B) {
	p := open(b, dbtest.SQLite(b))
	const n = 5000
	if err := exchange.Generate(b.Context(), p.Store, party.Operator(), n, 1, nil); err != nil {
		b.Fatal(err)
	}
	written := 0
	for b.Loop() {
		var out bytes.Buffer
		n, err := exchange.Export(b.Context(), p.Store, access.Actor{}, record.Query{Kinds: []string{"need"}}, exchange.CSV, &out)
		if err != nil {
			b.Fatal(err)
		}
		written += n
	}
	b.ReportMetric(float64(written)/b.Elapsed().Seconds(), "records/s")
}
