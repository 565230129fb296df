package feeds

import "encoding/xml"

// feed is an Atom document, in the order in which its parts are written.
// encoding/xml escapes what it is given, and puts U+FFFD in place of what XML
// cannot hold.
type feed struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string   `xml:"xml:lang,attr"`
	ID      string   `xml:"id"`
	Title   text     `xml:"title"`
	Updated string   `xml:"updated"`
	Links   []link   `xml:"link"`
	Entries []entry  `xml:"entry"`
}

type entry struct {
	ID      string `xml:"id"`
	Title   text   `xml:"title"`
	Updated string `xml:"updated"`
	Author  person `xml:"author"`
	Link    link   `xml:"link"`
	Summary *text  `xml:"summary"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Lang string `xml:"hreflang,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type person struct {
	Name string `xml:"name"`
}

// text is plain text (RFC 4287 section 3.1.1.1), never markup.
type text struct {
	Type string `xml:"type,attr"`
	Lang string `xml:"xml:lang,attr,omitempty"`
	Body string `xml:",chardata"`
}

func textOf(s, lang string) text { return text{"text", lang, s} }
