package main

import (
	"github.com/a-h/templ"

	"concord/internal/web/ui"
)

func (g gallery) pages() map[string]templ.Component {
	anonymous := g.frame(g.t("Sign in", "تسجيل الدخول"), "/sign-in", g.signIn())
	anonymous.User = nil
	broken := g.frame(g.t("Write a need", "كتابة احتياج"), "/needs/new", g.form())
	broken.Errors = &ui.Errors{Heading: g.t("There is a problem", "هناك مشكلة"), Items: []ui.Link{
		{Text: g.t("Write a title in at least one language", "اكتب عنوانًا بلغة واحدة على الأقل"), Href: "#title.fr"},
		{Text: g.t("The date must be in the future", "يجب أن يكون التاريخ في المستقبل"), Href: "#by.day"},
	}}
	home := g.frame(g.t("My delegation", "وفدي"), "/my", g.home())
	home.Banner = g.t("Demonstration: every State and record here is made up or simplified.", "عرض توضيحي: كل دولة وكل سجل هنا مختلق أو مبسط.")
	home.Flash = &ui.Notice{Tone: ui.Success, Live: true, Text: g.t("Your need is published. All Member States can read it.", "نُشر احتياجكم. يمكن لجميع الدول الأعضاء قراءته.")}
	return map[string]templ.Component{
		"home":   home,
		"list":   g.frame(g.t("Needs", "الاحتياجات"), "/needs?topic=law", g.list()),
		"table":  g.frame(g.t("Contacts", "جهات الاتصال"), "/contacts", g.table()),
		"record": g.frame(g.t("Training for the national CSIRT", "تدريب الفريق الوطني"), "/needs/0197", g.record()),
		"match":  g.frame(g.t("Offers for this need", "عروض لهذا الاحتياج"), "/needs/0197/matches", g.match()),
		"form":   broken,
		"board":  g.frame(g.t("Needs and offers", "الاحتياجات والعروض"), "/dashboard", g.board()),
		"check":  g.frame(g.t("Checklist", "قائمة التحقق"), "/projects/12/checklist", g.check()),
		"sign":   anonymous,
		"misc":   g.frame(g.t("Signs", "العلامات"), "/help", g.misc()),
	}
}

func (g gallery) home() templ.Component {
	return ui.Join(
		ui.Title{Text: g.t("Samoa", "ساموا"), Kicker: g.t("My delegation", "وفدي")},
		ui.Tasks{Heading: g.t("What needs you", "ما ينتظركم"), Items: []ui.Task{
			{Kind: g.t("Answer a ping", "الرد على اختبار الاتصال"), Text: g.say("Confirm that your point of contact is reachable", "أكدوا أن جهة الاتصال لديكم متاحة"), Href: "#", Urgent: g.t("Today", "اليوم"), Due: g.t("by 17:00, New York", "قبل 17:00 بتوقيت نيويورك")},
			{Kind: g.t("Approve", "موافقة"), Text: g.french("Formation de l’équipe nationale de réponse aux incidents"), Href: "#", Due: g.t("since 18 November", "منذ 18 تشرين الثاني/نوفمبر")},
			{Kind: g.t("Introduction", "تعريف"), Text: g.say("Estonia would like to talk about your need", "ترغب إستونيا في الحديث عن احتياجكم"), Href: "#", Due: g.t("answer by 28 November", "الرد قبل 28 تشرين الثاني/نوفمبر")},
		}},
		ui.Stats{
			{Number: g.t("4", "4"), Sentence: g.t("needs published by Samoa", "احتياجات نشرتها ساموا"), Href: "#"},
			{Number: g.t("11", "11"), Sentence: g.t("offers that fit them", "عروضًا تلائمها"), Href: "#", Note: g.t("3 new this week", "3 جديدة هذا الأسبوع")},
			{Number: "2", Sentence: g.t("projects under way", "مشروعان جاريان"), Href: "#"},
			{Number: "26", Sentence: g.t("November: open session, New York", "نوفمبر: جلسة مفتوحة، نيويورك"), Href: "#"},
		},
		ui.Section{Heading: g.t("Your needs", "احتياجاتكم"), Link: &ui.Link{Text: g.t("All four", "الأربعة كلها"), Href: "#"}, Body: ui.Results{Under: true, Label: g.t("Your needs", "احتياجاتكم"), Items: g.results()[:2]}},
		ui.Actions{Label: g.t("Do", "إجراءات"), Items: []ui.Action{{Text: g.t("Write a need", "كتابة احتياج"), Href: "#", Rank: ui.Primary}, {Text: g.t("Compare with others", "مقارنة مع الآخرين"), Href: "#"}}},
	)
}

func (g gallery) results() []ui.Result {
	return []ui.Result{
		{Title: g.french("Formation de l’équipe nationale de réponse aux incidents informatiques"), Href: "en-record.html", Owner: g.say("Samoa", "ساموا"), Meta: []string{g.t("published 12 November 2026", "نُشر في 12 تشرين الثاني/نوفمبر 2026"), g.t("by June 2027", "قبل حزيران/يونيه 2027")}, Mark: g.mark(ui.States), State: g.state(ui.Published),
			Summary: frenchBody("Douze agents de trois ministères doivent pouvoir trier, contenir et signaler un incident sans aide extérieure."), Tags: ui.Tags{{Text: g.t("Incident response", "الاستجابة للحوادث"), Href: "#"}, {Text: g.t("Training", "التدريب"), Href: "#"}}},
		{Title: g.say("Review of a draft cybercrime law", "مراجعة مشروع قانون بشأن الجريمة الإلكترونية"), Href: "#", Owner: g.say("Kenya", "كينيا"), Meta: []string{g.t("published 3 November 2026", "نُشر في 3 تشرين الثاني/نوفمبر 2026")}, Mark: g.mark(ui.Public), State: g.state(ui.Due),
			Summary: g.say("Comparative reading against the regional convention, with two drafting workshops in Nairobi.", "قراءة مقارنة مع الاتفاقية الإقليمية، مع حلقتي عمل للصياغة في نيروبي."), Tags: ui.Tags{{Text: g.t("Cybercrime law", "قانون الجريمة الإلكترونية"), Href: "#"}}},
		{Title: g.say("Undersea cable incident exercise", "تمرين على حوادث الكابلات البحرية"), Href: "#", Owner: g.say("Samoa", "ساموا"), Meta: []string{g.t("shared with Fiji, Tonga, New Zealand", "مشترك مع فيجي وتونغا ونيوزيلندا")}, Mark: g.mark(ui.Group), State: g.state(ui.Awaiting),
			Summary: g.say("A table-top exercise before the cyclone season.", "تمرين مكتبي قبل موسم الأعاصير.")},
		{Title: g.say("Assessment of ministry mail servers", "تقييم خوادم بريد الوزارات"), Href: "#", Owner: g.say("Samoa", "ساموا"), Mark: g.mark(ui.Own), State: g.state(ui.Draft), Meta: []string{g.t("changed yesterday", "عُدّل أمس")}},
		{Title: g.say("Findings of the September assessment", "نتائج تقييم أيلول/سبتمبر"), Href: "#", Owner: g.say("Samoa", "ساموا"), Mark: g.mark(ui.Sealed), State: g.state(ui.Withdrawn), Meta: []string{g.t("encrypted for 2 persons", "مشفر لشخصين")}},
	}
}

func (g gallery) list() templ.Component {
	f := ui.Filter{Heading: g.t("Narrow the list", "تضييق القائمة"), Show: g.t("Filters", "المرشحات"), Action: "#", SearchLabel: g.t("Words", "كلمات"), Query: "", Apply: g.t("Apply", "تطبيق"), Clear: &ui.Link{Text: g.t("Clear all", "مسح الكل"), Href: "#"},
		Facets: []ui.Facet{
			{Heading: g.t("Topic", "الموضوع"), Name: "topic", Options: []ui.Option{
				{Label: g.t("Cybercrime law", "قانون الجريمة الإلكترونية"), Value: "law", Count: "38", Chosen: true},
				{Label: g.t("Incident response", "الاستجابة للحوادث"), Value: "ir", Count: "61"},
				{Label: g.t("Protection of critical infrastructure", "حماية البنية التحتية الحيوية"), Value: "cii", Count: "44"},
				{Label: g.t("International law", "القانون الدولي"), Value: "il", Count: "27"}}, More: &ui.Link{Text: g.t("All 41 topics", "كل المواضيع (41)"), Href: "#"}},
			{Heading: g.t("Region", "المنطقة"), Name: "region", Options: []ui.Option{{Label: g.t("Africa", "أفريقيا"), Value: "af", Count: "92", Chosen: true}, {Label: g.t("Asia and the Pacific", "آسيا والمحيط الهادئ"), Value: "ap", Count: "71"}}},
			{Heading: g.t("Audience", "الجمهور"), Name: "aud", Folded: true, Options: []ui.Option{{Label: g.t("Public", "عام"), Value: "public", Count: "180"}}},
			{Heading: g.t("Language", "اللغة"), Name: "lang", Folded: true, Options: []ui.Option{{Label: "Français", Value: "fr", Count: "40"}}},
		}}
	return ui.Join(
		ui.ListHead{Title: g.t("Needs", "الاحتياجات"), Lead: g.t("What States have said they need, in their own words.", "ما قالت الدول إنها تحتاج إليه، بكلماتها."), Count: g.t("12 of 243 needs are about cybercrime law in Africa", "12 من 243 احتياجًا تتعلق بقانون الجريمة الإلكترونية في أفريقيا"), Actions: []ui.Link{{Text: g.t("Write a need", "كتابة احتياج"), Href: "#"}}},
		ui.Split{Side: f, Body: ui.Join(
			ui.Applied{Label: g.t("Filters in force", "المرشحات السارية"), Items: []ui.AppliedItem{{Facet: g.t("Topic", "الموضوع"), Value: g.t("Cybercrime law", "قانون الجريمة الإلكترونية"), Remove: g.t("Remove", "إزالة"), Href: "#"}, {Facet: g.t("Region", "المنطقة"), Value: g.t("Africa", "أفريقيا"), Remove: g.t("Remove", "إزالة"), Href: "#"}}, Clear: &ui.Link{Text: g.t("Clear all", "مسح الكل"), Href: "#"}},
			ui.Sort{Label: g.t("Order by", "ترتيب حسب"), Items: []ui.Link{{Text: g.t("Newest", "الأحدث"), Current: true}, {Text: g.t("Needed by", "الموعد المطلوب"), Href: "#"}, {Text: g.t("State", "الدولة"), Href: "#"}}},
			ui.Results{Label: g.t("Needs", "الاحتياجات"), Items: g.results()},
			ui.Pager{Label: g.t("Pages", "الصفحات"), First: &ui.Link{Text: g.t("First page", "الصفحة الأولى"), Href: "#"}, Where: g.t("6–10 of 12", "6–10 من 12"), Next: &ui.Link{Text: g.t("Next", "التالي"), Href: "#"}},
			ui.Downloads{Label: g.t("Download this list", "تنزيل هذه القائمة"), Items: []ui.Link{{Text: "CSV", Note: "4 KB", Href: "#"}, {Text: "JSON", Note: "9 KB", Href: "#"}, {Text: "Atom", Href: "#"}}},
		)})
}

func (g gallery) table() templ.Component {
	rows := []ui.TableRow{
		{Cells: []ui.Cell{{Text: g.say("Estonia", "إستونيا"), Href: "#"}, {Text: g.say("Ministry of Foreign Affairs", "وزارة الخارجية")}, ui.Text(g.t("14 November 2026", "14 تشرين الثاني/نوفمبر 2026")), ui.Text("12"), {Mark: g.mark(ui.States)}}},
		{Cells: []ui.Cell{{Text: g.say("Kenya", "كينيا"), Href: "#"}, {Text: g.say("National Computer and Cybercrimes Coordination Committee", "اللجنة الوطنية لتنسيق الحاسوب والجرائم الإلكترونية")}, ui.Text(g.t("2 November 2026", "2 تشرين الثاني/نوفمبر 2026")), ui.Text("7"), {Mark: g.mark(ui.States)}}},
		{Cells: []ui.Cell{{Text: g.say("Samoa", "ساموا"), Href: "#"}, {Text: g.french("Ministère des communications")}, ui.Text(g.t("30 June 2026", "30 حزيران/يونيه 2026")), ui.Text("128"), {Mark: g.mark(ui.Public), State: g.state(ui.Due)}}},
	}
	return ui.Join(
		ui.ListHead{Title: g.t("Points of contact", "جهات الاتصال"), Count: g.t("117 States have named one", "عيّنت 117 دولة جهة اتصال")},
		ui.Tabs{Label: g.t("Views", "طرق العرض"), Items: []ui.Link{{Text: g.t("Table", "جدول"), Href: "#", Current: true}, {Text: g.t("Chart", "رسم بياني"), Href: "#"}, {Text: g.t("Map", "خريطة"), Href: "#", Note: "38 KB"}, {Text: g.t("Download", "تنزيل"), Href: "#"}}},
		ui.Table{Caption: g.t("Diplomatic points of contact, by State", "جهات الاتصال الدبلوماسية حسب الدولة"), Columns: []ui.Column{{Label: g.t("State", "الدولة"), Href: "#", Sorted: "ascending"}, {Label: g.t("Office", "المكتب")}, {Label: g.t("Last confirmed", "آخر تأكيد"), Href: "#"}, {Label: g.t("Days to answer", "أيام الرد"), Number: true, Href: "#"}, {Label: g.t("Audience", "الجمهور")}}, Rows: rows},
		ui.Source(g.t("Source: what States have entered. Updated 21 November 2026, 15:00 UTC.", "المصدر: ما أدخلته الدول. آخر تحديث 21 تشرين الثاني/نوفمبر 2026، 15:00 بالتوقيت العالمي.")),
		ui.Empty{Heading: g.t("No contact in the Caribbean yet", "لا توجد جهة اتصال في منطقة البحر الكاريبي بعد"), Text: g.t("Points of contact that States name appear here, each with an office, languages and hours.", "تظهر هنا جهات الاتصال التي تعينها الدول، مع المكتب واللغات والساعات."), Who: g.t("A delegation’s focal point can add one.", "يمكن لمنسق الوفد إضافة جهة اتصال."), Action: &ui.Link{Text: g.t("Name a contact", "تعيين جهة اتصال"), Href: "#"}, Links: []ui.Link{{Text: g.t("Clear the filters", "مسح المرشحات"), Href: "#"}, {Text: g.t("What is a point of contact?", "ما هي جهة الاتصال؟"), Href: "#"}}},
	)
}

func (g gallery) record() templ.Component {
	body := ui.Join(
		ui.Steps{Label: g.t("Course", "المسار"), Items: []ui.Step{
			{Title: g.t("Proposed", "مقترح"), Stage: ui.Done, Word: g.t("done", "تم"), Date: g.t("12 November 2026", "12 تشرين الثاني/نوفمبر 2026"), DateTime: "2026-11-12"},
			{Title: g.t("Introduced", "تم التعريف"), Stage: ui.Done, Word: g.t("done", "تم"), Date: g.t("14 November 2026", "14 تشرين الثاني/نوفمبر 2026"), DateTime: "2026-11-14", Who: g.say("Secretariat", "الأمانة العامة")},
			{Title: g.t("Accepted by Samoa", "قبلته ساموا"), Stage: ui.Now, Word: g.t("now", "الآن"), Date: g.t("answer by 28 November", "الرد قبل 28 نوفمبر"), DateTime: "2026-11-28"},
			{Title: g.t("Accepted by Estonia", "قبلته إستونيا"), Stage: ui.Later, Word: g.t("to come", "لاحقًا")},
			{Title: g.t("Project", "مشروع"), Stage: ui.Later, Word: g.t("to come", "لاحقًا")},
		}},
		ui.Section{Heading: g.t("The need", "الاحتياج"), Body: ui.Prose(g.french("Douze agents de trois ministères doivent pouvoir trier, contenir et signaler un incident sans aide extérieure.\n\nLa formation se tient à Apia, en français et en anglais, en deux sessions de cinq jours. Le matériel est fourni par le ministère."))},
		ui.Section{Heading: g.t("Details", "التفاصيل"), Body: ui.Facts{
			{Label: g.t("Topics", "المواضيع"), Body: ui.Tags{{Text: g.t("Incident response", "الاستجابة للحوادث"), Href: "#"}, {Text: g.t("Training", "التدريب"), Href: "#"}}},
			{Label: g.t("Who takes part", "المشاركون"), Text: g.say("12 officials of three ministries", "12 موظفًا من ثلاث وزارات")},
			{Label: g.t("Needed by", "مطلوب قبل"), Text: g.say("30 June 2027", "30 حزيران/يونيه 2027")},
			{Label: g.t("Budget at hand", "الميزانية المتاحة"), Text: ui.Plain("USD 40,000"), Mark: g.mark(ui.Own)},
			{Label: g.t("Contact", "جهة الاتصال"), Text: ui.Plain("csirt@mcit.gov.example"), Href: "#"},
		}},
		ui.Section{ID: "history", Heading: g.t("History", "السجل"), Body: ui.History{Caption: g.t("Changes, newest first", "التغييرات، الأحدث أولاً"), When: g.t("When", "متى"), Who: g.t("Who", "من"), What: g.t("What changed", "ما الذي تغير"), Items: []ui.Revision{
			{When: g.t("14 November 2026, 09:12", "14 تشرين الثاني/نوفمبر 2026، 09:12"), DateTime: "2026-11-14T09:12Z", Who: ui.Plain("Leilani Tuala"), What: g.say("Date and participants", "التاريخ والمشاركون"), Compare: &ui.Link{Text: g.t("Compare", "مقارنة"), Href: "#"}},
			{When: g.t("12 November 2026, 22:40", "12 تشرين الثاني/نوفمبر 2026، 22:40"), DateTime: "2026-11-12T22:40Z", Who: ui.Plain("Tavita Moala"), What: g.say("Approved", "تمت الموافقة"), State: g.state(ui.Published)},
		}}},
		ui.Compare{Caption: g.t("What changed on 14 November", "ما تغير في 14 نوفمبر"), Field: g.t("Field", "الحقل"), Sides: []string{g.t("Before", "قبل"), g.t("After", "بعد")}, Changed: g.t("changed", "تغير"), Rows: []ui.CompareRow{
			{Label: g.t("Needed by", "مطلوب قبل"), Sides: []ui.Phrase{g.say("31 March 2027", "31 آذار/مارس 2027"), g.say("30 June 2027", "30 حزيران/يونيه 2027")}, Changed: true},
			{Label: g.t("Participants", "المشاركون"), Sides: []ui.Phrase{ui.Plain("8"), ui.Plain("12")}, Changed: true},
			{Label: g.t("Place", "المكان"), Sides: []ui.Phrase{ui.Plain("Apia"), ui.Plain("Apia")}},
		}},
	)
	side := ui.Join(
		ui.Panel{Heading: g.t("11 offers fit this need", "11 عرضًا تلائم هذا الاحتياج"), Body: ui.Words(g.t("The best is by Estonia and ITU.", "أفضلها من إستونيا والاتحاد الدولي للاتصالات.")), Links: []ui.Link{{Text: g.t("See why", "انظر السبب"), Href: "en-match.html"}}},
		ui.Panel{Heading: g.t("Similar needs", "احتياجات مشابهة"), Links: []ui.Link{{Text: g.t("Tonga: CSIRT training", "تونغا: تدريب فريق الاستجابة"), Href: "#"}, {Text: g.t("Kiribati: first CSIRT", "كيريباس: أول فريق استجابة"), Href: "#"}}},
		ui.Panel{Heading: g.t("Take it with you", "خذه معك"), Links: []ui.Link{{Text: "PDF", Note: "21 KB", Href: "#"}, {Text: "JSON", Note: "3 KB", Href: "#"}}},
	)
	return ui.Join(
		ui.RecordHead{Kind: g.t("Need", "احتياج"), Reference: "CON-2026-0197", Title: g.french("Formation de l’équipe nationale de réponse aux incidents informatiques"),
			Band:  &ui.AudienceBand{AudienceMark: *g.mark(ui.States), Explain: g.t("All 193 Member States can read this; the public cannot.", "يمكن لجميع الدول الأعضاء الـ193 قراءة هذا؛ ولا يمكن للجمهور ذلك."), Who: &ui.Link{Text: g.t("Who exactly?", "من بالضبط؟"), Href: "#"}},
			State: g.state(ui.Published), Owner: g.say("Samoa", "ساموا"), OwnerHref: "#", OwnerSays: g.t("Answered for by", "الجهة المسؤولة:"), Meta: []string{g.t("confirmed 12 November 2026", "تم التأكيد في 12 تشرين الثاني/نوفمبر 2026"), g.t("review due 12 May 2027", "المراجعة في 12 أيار/مايو 2027")},
			Langs: &ui.Tabs{Label: g.t("Read in", "اقرأ بـ"), Items: []ui.Link{{Text: "Français", Current: true}, {Text: "English", Note: g.t("machine translation", "ترجمة آلية"), Href: "#"}}}},
		ui.Actions{Label: g.t("Do", "إجراءات"), Items: []ui.Action{{Text: g.t("Accept the introduction", "قبول التعريف"), Post: "#", Rank: ui.Primary}, {Text: g.t("Edit", "تعديل"), Href: "#"}, {Text: g.t("Share with others", "مشاركة"), Href: "#"}, {Text: g.t("Withdraw", "سحب"), Post: "#", Rank: ui.Dangerous}}},
		ui.Split{Side: side, SideAfter: true, Body: body},
	)
}
