package api

import (
	"strings"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/record"
)

func ref(name string) Schema { return Schema{"$ref": "#/components/schemas/" + name} }

func array(of Schema) Schema { return Schema{"type": "array", "items": of} }

func text(about string) Schema {
	s := Schema{"type": "string"}
	if about != "" {
		s["description"] = about
	}
	return s
}

func enum[T ~string](values ...T) Schema { return Schema{"type": "string", "enum": values} }

func when(about string) Schema {
	return Schema{"type": "string", "format": "date-time", "description": about}
}

// closed is an object with these members and no others.
func closed(required []string, members Schema) Schema {
	s := Schema{"type": "object", "properties": members, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func listOf(items Schema) Schema {
	return closed([]string{"items"}, Schema{"items": array(items)})
}

// schemaName is the name of a kind among the schemas: "norm-step" is NormStep.
func schemaName(k *record.Kind) string { return pascal(k.Name) }

func pascal(s string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(s, "-") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

// addKind adds the schemas of a kind: as it is read, sent, listed, and its
// history.
func addKind(all Schema, k *record.Kind) {
	name := schemaName(k)
	fields, _ := fieldSchemas(k.Fields)
	all[name+"Fields"] = closed(nil, fields)

	whole := envelopeSchemas(k)
	for f, s := range fields {
		whole[f] = s
	}
	all[name] = closed([]string{"id", "kind", "owner", "audience", "groups", "state", "created", "updated", "revision"}, whole)

	sent := Schema{}
	for f, s := range whole {
		sent[f] = s
	}
	all[name+"Input"] = Schema{
		"type": "object", "properties": sent, "additionalProperties": false, "required": []string{k.TitleField().Name},
		"description": "Of the envelope, audience, groups and narrowed can be set, and for a new record state; the rest may be sent back as it was read. " +
			"A draft needs its title only; to leave draft it needs " + strings.Join(requiredNames(k.Fields), ", ") + ".",
	}
	all[name+"List"] = closed([]string{"items", "total", "facets"}, Schema{
		"items": array(ref(name)), "total": Schema{"type": "integer"}, "facets": ref("Facets"),
		"next": text("Cursor of the next page; absent on the last"),
	})
	all[name+"Revisions"] = listOf(closed([]string{"revision", "at", "party", "action", "state", "audience", "fields"}, Schema{
		"revision": Schema{"type": "integer"}, "at": when(""), "party": text("Code"), "account": text("Of the caller's own party only"),
		"action": text(""), "state": enum(access.Statuses()...), "audience": enum(access.Audiences()...), "note": text(""),
		"fields": ref(name + "Fields"),
	}))
}

func requiredNames(fields []*record.Field) []string {
	names := []string{}
	for _, f := range fields {
		if f.Required || f.Title {
			names = append(names, f.Name)
		}
	}
	return names
}

func envelopeSchemas(k *record.Kind) Schema {
	return Schema{
		"id":   Schema{"type": "string", "pattern": "^[0-9a-hjkmnp-tv-z]{26}$", "readOnly": true},
		"kind": Schema{"type": "string", "const": k.Name}, "owner": text("Code of the party that answers for it"),
		"audience": Schema{"type": "string", "enum": k.Audiences, "default": k.Audiences[0], "description": "Who may read it once published"},
		"groups":   Schema{"type": "array", "items": text(""), "description": "Parties and groups that the audience \"group\" names"},
		"partners": Schema{"type": "array", "items": text(""), "description": "Parties that take part"},
		"narrowed": Schema{"type": "object", "additionalProperties": enum(access.Audiences()...), "description": "Fields for fewer readers than the record"},
		"state":    enum(access.Statuses()...),
		"created":  when("When it was made"), "updated": when("When it last changed"),
		"verified":  when("When its owner last said that it is true"),
		"reviewDue": when("When its owner is asked again"), "origin": text("Where it was brought in from"),
		"revision": Schema{"type": "integer", "minimum": 1},
	}
}

func fieldSchemas(fields []*record.Field) (members Schema, required []string) {
	members = Schema{}
	for _, f := range fields {
		members[f.Name] = fieldSchema(f)
		if f.Required {
			required = append(required, f.Name)
		}
	}
	return members, required
}

// fieldSchema is the schema of a field as it is written; what is empty may be
// "" or null or absent.
func fieldSchema(f *record.Field) Schema {
	codes := func() Schema {
		if f.Vocab == "" {
			return text("")
		}
		return ref(vocabSchema(f.Vocab))
	}
	switch f.Type {
	case record.Text:
		return ref("Text")
	case record.Link:
		return Schema{"type": "string", "format": "uri", "maxLength": 2000}
	case record.Mail:
		return Schema{"type": "string", "format": "email", "maxLength": f.Max}
	case record.Code:
		return Schema{"anyOf": []Schema{codes(), {"const": ""}}}
	case record.Codes:
		return Schema{"type": []string{"array", "null"}, "items": codes(), "maxItems": f.Max}
	case record.Day:
		return ref("Date")
	case record.At:
		return ref("Moment")
	case record.Number:
		return Schema{"type": "integer", "minimum": 0, "maximum": f.Max}
	case record.Flag:
		return Schema{"type": "boolean"}
	case record.Party:
		return text(partyAbout(f))
	case record.Parties:
		return Schema{"type": []string{"array", "null"}, "items": text(partyAbout(f)), "maxItems": f.Max}
	case record.One:
		return text(refAbout(f))
	case record.Many:
		return Schema{"type": []string{"array", "null"}, "items": text(refAbout(f)), "maxItems": f.Max}
	case record.Rows:
		members, _ := fieldSchemas(f.Rows)
		return Schema{"type": []string{"array", "null"}, "items": closed(nil, members), "maxItems": f.Max}
	}
	return Schema{"type": "string", "maxLength": f.Max}
}

func partyAbout(f *record.Field) string {
	if f.Open {
		return "Code of a party or group"
	}
	return "Code of a party"
}

func refAbout(f *record.Field) string {
	if f.Kind == "" {
		return "Id of a record"
	}
	return "Id of a record of the kind " + f.Kind
}

func vocabSchema(name string) string { return "Code" + pascal(name) }

// commonSchemas are those of every kind.
func commonSchemas() Schema {
	langs := enum(langNames()...)
	words := Schema{"original": langs, "machine": array(langs)}
	for _, l := range i18n.Langs() {
		words[string(l)] = text(l.Name())
	}
	multi := closed(nil, words)
	multi["description"] = "Text in one or several languages; original marks the one it was written in, machine those that no person has confirmed. " +
		"A plain string may be sent, in the language of the header Content-Language or English."
	spans := array(closed([]string{"text", "hit"}, Schema{"text": text(""), "hit": Schema{"type": "boolean"}}))
	integer := Schema{"type": "integer"}
	count := closed([]string{"value", "count"}, Schema{"value": text(""), "count": integer})
	return Schema{
		"Text": Schema{"anyOf": []Schema{multi, {"type": "string"}}},
		"Date": Schema{"type": "string", "pattern": `^(\d{4}(-\d\d(-\d\d)?)?)?$`, "description": "A day, month or year (ISO 8601)"},
		"Moment": closed([]string{"local", "zone"}, Schema{
			"local": text("Local time, as 2026-12-07T10:00"), "zone": text("IANA name of the time zone"),
		}),
		"MergePatch": Schema{"type": "object", "description": "RFC 7396: members replace those of the record, null removes"},
		"Transition": closed([]string{"to"}, Schema{"to": enum(access.Statuses()...), "note": Schema{"type": "string", "maxLength": maxNote}}),
		"Facets":     Schema{"type": "object", "additionalProperties": array(count)},
		"Problem": closed([]string{"type", "title", "status", "detail", "instance", "code"}, Schema{
			"type": text(""), "title": text(""), "status": integer, "detail": text(""), "instance": text(""), "code": text(""),
			"errors": array(closed([]string{"field", "code", "detail"}, Schema{"field": text(""), "code": text(""), "detail": text("")})),
		}),
		"SearchResults": closed([]string{"items", "total", "facets"}, Schema{
			"items": array(closed([]string{"kind", "id", "owner", "title", "lang", "url", "highlights"}, Schema{
				"kind": text(""), "id": text(""), "owner": text(""), "title": text(""), "lang": langs, "url": text(""),
				"highlights": array(closed([]string{"field", "lang", "spans"}, Schema{"field": text(""), "lang": langs, "spans": spans})),
			})),
			"total": integer, "facets": ref("Facets"), "next": text("Cursor of the next page; absent on the last"),
		}),
		"VocabularyHead": closed([]string{"name", "title", "source", "count"}, Schema{
			"name": text(""), "title": ref("Text"), "source": text(""), "count": integer,
		}),
		"Vocabulary": closed([]string{"name", "title", "source", "terms"}, Schema{
			"name": text(""), "title": ref("Text"), "source": text(""),
			"draft": Schema{"type": "array", "items": langs, "description": "Languages that no person has confirmed yet"},
			"terms": array(closed([]string{"code", "label"}, Schema{
				"code": text(""), "parent": text(""), "label": ref("Text"), "hint": ref("Text"), "related": array(text("")),
			})),
		}),
		"Parties": closed([]string{"items", "groups"}, Schema{
			"items": array(closed([]string{"code", "kind", "names", "groups"}, Schema{
				"code": text(""), "kind": enum(partyKinds()...), "names": ref("Text"), "short": ref("Text"), "status": text(""), "url": text(""), "groups": array(text("")),
			})),
			"groups": array(closed([]string{"code", "type", "names", "members"}, Schema{
				"code": text(""), "type": text(""), "names": ref("Text"), "source": text(""), "members": array(text("")),
			})),
		}),
		"Me": closed([]string{"account", "name", "party", "kind", "groups", "roles", "scopes"}, Schema{
			"account": text(""), "name": text(""), "party": text(""), "kind": enum(partyKinds()...), "groups": array(text("")),
			"roles": array(text("")), "scopes": array(enum("read", "write")),
		}),
	}
}
