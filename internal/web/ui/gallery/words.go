package main

import (
	"github.com/a-h/templ"

	"concord/internal/i18n"
	"concord/internal/web/ui"
)

// gallery makes the pages in one language.
type gallery struct{ lang i18n.Lang }

// t picks the words for the gallery's language.
func (g gallery) t(en, ar string) string {
	if g.lang == i18n.Arabic {
		return ar
	}
	return en
}

func (g gallery) chrome(key string) string {
	if w, ok := chrome[key]; ok {
		return g.t(w[0], w[1])
	}
	return key
}

var chrome = map[string][2]string{
	"chrome.site":          {"Concord", "كونكورد"},
	"chrome.long_name":     {"Global ICT Security Cooperation and Capacity-Building Portal", "البوابة العالمية للتعاون وبناء القدرات في مجال أمن تكنولوجيا المعلومات والاتصالات"},
	"chrome.error_prefix":  {"Error:", "خطأ:"},
	"chrome.skip":          {"Skip to content", "انتقل إلى المحتوى"},
	"chrome.languages":     {"Languages", "اللغات"},
	"chrome.menu":          {"Menu", "القائمة"},
	"chrome.main_nav":      {"Main", "الرئيسية"},
	"chrome.breadcrumbs":   {"You are here", "أنت هنا"},
	"chrome.search_label":  {"Search the portal", "ابحث في البوابة"},
	"chrome.search":        {"Search", "بحث"},
	"chrome.sign_in":       {"Sign in", "تسجيل الدخول"},
	"chrome.sign_out":      {"Sign out", "تسجيل الخروج"},
	"chrome.my_delegation": {"My delegation", "وفدي"},
	"chrome.waiting":       {"tasks waiting", "مهام في الانتظار"},
	"chrome.help":          {"Help", "مساعدة"},
	"chrome.accessibility": {"Accessibility", "إمكانية الوصول"},
	"chrome.about":         {"About this portal", "عن هذه البوابة"},
	"chrome.api":           {"Data and API", "البيانات وواجهة البرمجة"},
	"chrome.disclaimer":    {"What a State publishes here is its own responsibility. The designations used and the content shown do not imply the expression of any opinion or endorsement by the United Nations.", "ما تنشره الدولة هنا يقع على مسؤوليتها. ولا تنطوي التسميات المستخدمة والمحتوى المعروض على الإعراب عن أي رأي أو تأييد من جانب الأمم المتحدة."},
}

func (g gallery) frame(title, path string, body ...templ.Component) ui.Frame {
	nav := []ui.Link{
		{Text: g.t("Needs", "الاحتياجات"), Href: "en-list.html"}, {Text: g.t("Offers", "العروض"), Href: "#"},
		{Text: g.t("Projects", "المشاريع"), Href: "#"}, {Text: g.t("Documents", "الوثائق"), Href: "#"},
		{Text: g.t("Events", "الأحداث"), Href: "#"}, {Text: g.t("Contacts", "جهات الاتصال"), Href: "#"},
		{Text: g.t("All modules", "كل الأقسام"), Href: "#"},
	}
	nav[0].Current = true
	return ui.Frame{
		Lang: g.lang, T: g.chrome, Title: title, Style: "style.css", Path: path, Nav: nav,
		User:   &ui.User{Name: "Leilani Tuala", Party: g.t("Samoa", "ساموا"), Home: "#", Waiting: 3, SignOut: "#"},
		Crumbs: []ui.Link{{Text: g.t("Home", "الصفحة الرئيسية"), Href: "#"}, {Text: g.t("Needs", "الاحتياجات"), Href: "#"}, {Text: title}},
		Body:   ui.Join(body...),
	}
}

func (g gallery) mark(a ui.Audience) *ui.AudienceMark {
	w := map[ui.Audience][2]string{
		ui.Public: {"Public", "عام"}, ui.States: {"Member States", "الدول الأعضاء"}, ui.Group: {"3 States", "3 دول"},
		ui.Own: {"Samoa only", "ساموا فقط"}, ui.Sealed: {"Sealed", "مختوم"},
	}[a]
	return &ui.AudienceMark{Audience: a, Word: g.t(w[0], w[1])}
}

func (g gallery) state(s ui.Lifecycle) *ui.StateMark {
	w := map[ui.Lifecycle][2]string{
		ui.Draft: {"Draft", "مسودة"}, ui.Awaiting: {"Awaiting approval", "بانتظار الموافقة"}, ui.Published: {"Published", "منشور"},
		ui.Due: {"Due for review", "حان موعد المراجعة"}, ui.Returned: {"Returned", "أُعيد"}, ui.Withdrawn: {"Withdrawn", "مسحوب"}, ui.Archived: {"Archived", "مؤرشف"},
	}[s]
	return &ui.StateMark{State: s, Word: g.t(w[0], w[1])}
}

// french is a text in French, which the reader is told.
func (g gallery) french(s string) ui.Phrase {
	return ui.Phrase{Text: s, Lang: i18n.French, Note: g.t("in French", "بالفرنسية")}
}

func (g gallery) say(en, ar string) ui.Phrase { return ui.Plain(g.t(en, ar)) }

// frenchBody is a text in French under a title that has said so.
func frenchBody(s string) ui.Phrase { return ui.Phrase{Text: s, Lang: i18n.French} }
