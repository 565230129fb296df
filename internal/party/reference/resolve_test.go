package reference

import (
	"slices"
	"strings"
	"testing"
)

// The names of actors and beneficiaries in the record of statements and
// projects that the portal imports at first, and what they mean.
func TestResolveTheRecord(t *testing.T) {
	d := load(t)
	for _, c := range []struct {
		name, codes string
		ok          bool
	}{
		{"States requesting assistance (as observed by the EU)", "", false},
		{"European Union", "EU @eu", true},
		{"EU neighbouring countries", "@eu-neighbourhood", true},
		{"Philippines", "PHL", true},
		{"All States", "@all", true},
		{"UNIDIR", "UNIDIR", true},
		{"Viet Nam (as reported by the Philippines)", "VNM", true},
		{"Kenya (as reported by the Philippines)", "KEN", true},
		{"Women diplomats, all regions", "", false},
		{"Australia, Canada, Netherlands, New Zealand, United Kingdom, United States", "AUS CAN NLD NZL GBR USA", true},
		{"Uruguay", "URY", true},
		{"OAS member states", "@oas", true},
		{"OAS / CICTE", "OAS @oas", true},
		{"Chile", "CHL", true},
		{"Global Forum on Cyber Expertise (GFCE)", "GFCE", true},
		{"Proposed (Chile)", "CHL", true},
		{"Iraq", "IRQ", true},
		{"ASEAN", "ASEAN @asean", true},
		{"Japan / ASEAN", "JPN ASEAN @asean", true},
		{"Japan", "JPN", true},
		{"World Bank client countries", "@worldbank-client", true},
		{"World Bank (contribution by Japan)", "WBG JPN", true},
		{"Cuba", "CUB", true},
		{"Islamic Republic of Iran", "IRN", true},
		{"Developing countries", "@developing", true},
		{"Singapore / UNODA", "SGP UNODA", true},
		{"ITU member states", "@all", true},
		{"International Telecommunication Union (ITU)", "ITU", true},
		{"Jordan", "JOR", true},
		{"World Bank", "WBG", true},
		{"Argentina", "ARG", true},
		{"Private sector with decision makers", "", false},
		{"South Africa", "ZAF", true},
		{"Latin America", "@latin-america", true},
		{"OAS", "OAS @oas", true},
		{"El Salvador", "SLV", true},
		{"Decision makers", "", false},
		{"Singapore Cyber Security Agency / UNIDIR", "SGP UNIDIR", false},
		{"Competent Russian authorities", "RUS", true},
		{"Russian Federation", "RUS", true},
		{"Russian Federation (higher education)", "RUS", false},
		{"Proposed (Russian Federation)", "RUS", true},
		{"Asia", "@m49-142", true},
		{"Africa", "@m49-002", true},
		{"International Chamber of Commerce (ICC)", "ICC", true},
		{"Canada", "CAN", true},
		{"OAS (supported by Canada)", "OAS @oas CAN", true},
		{"Proposed (Canada): Ukraine", "CAN UKR", true},
		{"Albania", "ALB", true},
		{"United States, Netherlands, GFCE", "USA NLD GFCE", true},
		{"UN member states", "@all", true},
		{"Germany", "DEU", true},
		{"Global South countries", "@global-south", true},
		{"UNDP (funded by Germany)", "UNDP DEU", true},
		{"UNDP", "UNDP", true},
		{"Germany / ITU", "DEU ITU", true},
		{"Inter-American Development Bank and World Bank (donation by Israel)", "IDB WBG ISR", true},
		{"Israel", "ISR", true},
		{"Israel (Permanent Mission, National Cyber Directorate)", "ISR", false},
		{"Other nations", "@all", true},
		{"ASEAN-Singapore Cybersecurity Centre of Excellence (ASCCE)", "SGP", true},
		{"Singapore", "SGP", true},
		{"Singapore / CERT-In", "SGP IND", true},
		{"All UN member states", "@all", true},
		{"ECOWAS", "ECOWAS @ecowas", true},
		{"Senegal", "SEN", true},
		{"European Union / ECOWAS", "EU @eu ECOWAS @ecowas", true},
		{"National School of Cybersecurity, Dakar (with France)", "SEN FRA", true},
		{"Czech Republic", "CZE", true},
		{"ASEAN (Malaysia and Singapore)", "ASEAN @asean MYS SGP", true},
		{"Lao PDR", "LAO", true},
		{"Asia-Pacific", "@asia-pacific", true},
		{"Republic of Korea / APC Hub", "KOR", true},
		{"Republic of Korea", "KOR", true},
		{"Republic of Korea / ASEAN", "KOR ASEAN @asean", true},
		{"KOICA with USAID", "KOR USA", true},
		{"Western Balkans", "@western-balkans", true},
		{"Slovenia, France, Montenegro", "SVN FRA MNE", true},
		{"Slovenia", "SVN", true},
		{"Estonia (to GFCE, World Bank MDTF, EU CyberNet)", "EST GFCE WBG EU @eu", false},
		{"Estonia", "EST", true},
		{"GFCE", "GFCE", true},
		{"EU CyberNet", "EU @eu", true},
		{"Diplomats", "", false},
		{"Pakistan", "PAK", true},
		{"Costa Rica", "CRI", true},
		{"Proposed (Costa Rica)", "CRI", true},
		{"Points of contact (as observed by Costa Rica)", "", false},
		{"GFCE, World Bank, ITU, AU, OSCE, ASEAN, OAS, UNIDIR, UNDP", "GFCE WBG ITU AU @au OSCE @osce ASEAN @asean OAS @oas UNIDIR UNDP", true},
		{"United States", "USA", true},
		{"All nations (as observed by the United States)", "@all", true},
		{"Samoa", "WSM", true},
		{"Pacific", "@pacific", true},
		{"Pacific regional institutions with development partners", "", false},
		{"IBSA", "@ibsa", true},
		{"India, Brazil, South Africa (IBSA)", "IND BRA ZAF @ibsa", true},
		{"India", "IND", true},
		{"Small island developing States (Mauritius)", "@sids MUS", true},
		{"Mauritius", "MUS", true},
		{"ITU Academy Training Centre, Mauritius", "ITU MUS", false},
		{"States with limited capabilities (Malaysia)", "MYS", false},
		{"Malaysia", "MYS", true},
		{"The Netherlands", "NLD", true},
		{"Netherlands", "NLD", true},
		{"Proposed (Switzerland)", "CHE", true},
		{"Switzerland", "CHE", true},
		{"Sri Lanka CERT", "LKA", false},
		{"Sri Lanka", "LKA", true},
		{"International Finance Facility for Education", "IFFED", true},
		{"UNODC", "UNODC", true},
		{"Dominican Republic", "DOM", true},
		{"UNITAR", "UNITAR", true},
		{"Caribbean", "@m49-029", true},
		{"ITU (as stated by the Dominican Republic)", "ITU", true},
		{"UNDEF", "UNDEF", true},
		{"Council of Europe (GLACY+)", "COE @coe", true},
		{"Oxford GCSCC model delivered by C3SA, OAS, OCSC, ITU", "GCSCC C3SA OAS @oas OCSC ITU", true},
		{"United Kingdom", "GBR", true},
		{"UNIDIR (supported by the United Kingdom)", "UNIDIR GBR", true},
		{"Saudi Arabia", "SAU", true},
		{"GCC", "GCC @gcc", true},
		{"Gulf Cooperation Council", "GCC @gcc", true},
		{"Saudi Arabia / United Nations", "SAU UN", true},
		{"Department of Communications and the Arts, Australia", "AUS", false},
		{"Ministry of Meteorology, Energy, Information, Disaster Management, Environment, Climate Change and Communications (MEIDECC), Tonga", "TON", false},
		{"APNIC Foundation", "APNIC-F", true},
		{"Vanuatu OGCIO", "VUT", false},
		{"Australia", "AUS", true},
		{"NI-CO (Northern Ireland Cooperation Overseas)", "", false},
		{"Agencies of Estonia, the United Kingdom and the Netherlands", "EST GBR NLD", true},
		{"Commonwealth Africa", "@commonwealth-africa", true},
		{"Expertise France", "FRA", true},
		{"ECOWAS Commission (OCWAR-C)", "ECOWAS @ecowas", false},
		{"Council of Europe", "COE @coe", true},
		{"INTERPOL", "INTERPOL", true},
		{"Australian Strategic Policy Institute (ASPI)", "", false},
		{"ETDA, Thailand", "THA", false},
		{"Japan-ASEAN Integration Fund", "", false},
		{"Commonwealth", "@commonwealth", true},
		{"Arab States", "@arab-states", true},
		{"National Agency for Computer Security, Tunisia", "TUN", false},
		{"Women in cyber capacity-building", "", false},
		{"World Bank and partners", "WBG", false},
	} {
		codes, ok := d.Resolve(c.name)
		if got := strings.Join(codes, " "); got != c.codes || ok != c.ok {
			t.Errorf("Resolve(%q): got [%s] %v, want [%s] %v", c.name, got, ok, c.codes, c.ok)
		}
	}
	for _, code := range strings.Fields("BGD BIH BTN BWA CPV CRI DOM ECU GHA GMB IDN ITU KGZ KHM LAO LBR LKA MAR MRT MUS MYS NGA PHL PNG RWA SAU SEN SLE TON VUT WSM ZAF") {
		if got, ok := d.Resolve(code); !ok || !slices.Equal(got, []string{code}) {
			t.Errorf("Resolve(%q): got %v %v", code, got, ok)
		}
	}
}

func TestResolveOtherWriting(t *testing.T) {
	d := load(t)
	for name, want := range map[string]string{
		"  UNITED  STATES OF AMERICA ": "USA",
		"Cote d’Ivoire":                "CIV",
		"Turkiye":                      "TUR",
		"Iran (Islamic Republic of), Iraq and Oman":                                        "IRN IRQ OMN",
		"Trinidad and Tobago, Bosnia and Herzegovina and Saint Vincent and the Grenadines": "TTO BIH VCT",
		"Guinea-Bissau; Equatorial Guinea; Papua New Guinea; Guinea":                       "GNB GNQ PNG GIN",
		"Democratic Republic of the Congo / Congo":                                         "COD COG",
		"Dominica, Dominican Republic, Niger, Nigeria":                                     "DMA DOM NER NGA",
		"OSCE participating States":                                                        "@osce",
		"EU Member States":                                                                 "@eu",
		"LDCs, LLDCs and SIDS":                                                             "@ldc @lldc @sids",
		"la République-Unie de Tanzanie":                                                   "",
		"République-Unie de Tanzanie":                                                      "TZA",
		"Российская Федерация":                                                             "RUS",
		"الأردن":                        "JOR",
		"科特迪瓦":                          "CIV",
		"@sids":                         "@sids",
		"first":                         "", // not FIRST
		"and":                           "", // not AND, Andorra
		"":                              "",
		" , ; ":                         "",
		strings.Repeat("Kenya, ", 1000): "",
	} {
		codes, ok := d.Resolve(name)
		if got := strings.Join(codes, " "); got != want || ok != (want != "") {
			t.Errorf("Resolve(%.60q): got [%s] %v, want [%s]", name, got, ok, want)
		}
	}
}

// Every name that the portal itself shows is understood when it comes back.
func TestResolveKnowsItsOwnNames(t *testing.T) {
	d := load(t)
	check := func(code string, names []string) {
		for _, n := range names {
			if got, ok := d.Resolve(n); !ok || got[0] != code {
				t.Errorf("Resolve(%q): got %v %v, want %s", n, got, ok, code)
			}
		}
	}
	for _, s := range d.States {
		check(s.Code, append(s.Names.By[:], s.Aliases...))
	}
	for _, o := range d.Organisations {
		check(o.Code, slices.Concat(o.Names.By[:], o.Short.By[:], o.Aliases))
	}
	for _, g := range d.Groups {
		check(g.Code, g.Names.By[:])
	}
}

func FuzzResolve(f *testing.F) {
	d := load(f)
	for _, s := range []string{"OAS (supported by Canada)", "Proposed (Canada): Ukraine", "((", "a / b", "\xff, Kenya", "الأردن و"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		codes, ok := d.Resolve(name)
		if ok && len(codes) == 0 {
			t.Errorf("Resolve(%q): ok without a code", name)
		}
		for i, c := range codes {
			if slices.Contains(codes[:i], c) {
				t.Errorf("Resolve(%q): %s twice", name, c)
			}
			if got, ok := d.Resolve(c); !ok || got[0] != c {
				t.Errorf("Resolve(%q): unknown code %s", name, c)
			}
		}
	})
}
