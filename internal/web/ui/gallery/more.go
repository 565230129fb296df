package main

import (
	"github.com/a-h/templ"

	"concord/internal/i18n"
	"concord/internal/web/ui"
)

func (g gallery) match() templ.Component {
	why, check := g.t("Why it fits", "لماذا يلائم"), g.t("What to check", "ما ينبغي التحقق منه")
	return ui.Join(
		ui.Title{Text: g.t("Offers for this need", "عروض لهذا الاحتياج"), Kicker: g.t("Samoa · CON-2026-0197", "ساموا · CON-2026-0197"), Lead: g.t("11 of 148 offers fit. The order follows the reasons shown; nothing else counts.", "11 من 148 عرضًا تلائم. الترتيب يتبع الأسباب المعروضة ولا شيء غيرها."), Back: &ui.Link{Text: g.t("Back to the need", "العودة إلى الاحتياج"), Href: "#"}},
		ui.Overlap{Heading: g.t("Someone plans nearly the same", "هناك من يخطط للأمر نفسه تقريبًا"), Text: g.t("Before you agree on a project, look at these.", "قبل الاتفاق على مشروع، انظروا في ما يلي."), Items: []ui.OverlapItem{{Title: g.say("Pacific CSIRT academy", "أكاديمية المحيط الهادئ لفرق الاستجابة"), Href: "#", Who: g.say("OAS and ITU", "منظمة الدول الأمريكية والاتحاد الدولي للاتصالات"), When: g.t("March–May 2027", "آذار/مارس – أيار/مايو 2027"), Same: g.t("same topic, same quarter", "الموضوع نفسه، الربع نفسه")}}},
		ui.Section{Heading: g.t("Offers that fit", "العروض الملائمة"), Note: g.t("11, the best first", "11، الأنسب أولاً")},
		ui.Match{Title: g.say("CSIRT training in residence", "تدريب مقيم لفرق الاستجابة للحوادث"), Href: "#", Provider: g.say("Estonia", "إستونيا"), ProviderHref: "#", Score: .87, ScoreText: g.t("87 of 100", "87 من 100"), Strong: g.t("Strong match", "تطابق قوي"), Mark: g.mark(ui.Public), Meta: []string{g.t("free of charge", "مجاني")},
			ReasonsLabel: why, Reasons: []ui.Reason{{Text: g.t("Same topic: incident response", "الموضوع نفسه: الاستجابة للحوادث"), Weight: "+40"}, {Text: g.t("Small island developing States first", "الأولوية للدول الجزرية الصغيرة النامية"), Weight: "+25"}, {Text: g.t("Held in French", "يُعقد بالفرنسية"), Weight: "+22"}},
			CaveatsLabel: check, Caveats: []string{g.t("8 places; you ask for 12", "8 أماكن؛ وتطلبون 12")},
			Actions: &ui.Actions{Label: g.t("Do", "إجراءات"), Items: []ui.Action{{Text: g.t("Ask for an introduction", "طلب تعريف"), Post: "#", Rank: ui.Primary}, {Text: g.t("Not for us", "لا يناسبنا"), Post: "#", Rank: ui.Quiet}}}},
		ui.Match{Title: g.french("Cours en ligne : gestion des incidents"), Href: "#", Provider: g.say("ITU", "الاتحاد الدولي للاتصالات"), ProviderHref: "#", Score: .55, ScoreText: g.t("55 of 100", "55 من 100"), Mark: g.mark(ui.Public), ReasonsLabel: why, Reasons: []ui.Reason{{Text: g.t("Same topic: incident response", "الموضوع نفسه: الاستجابة للحوادث"), Weight: "+40"}, {Text: g.t("Open all year", "متاح طوال العام"), Weight: "+15"}}, CaveatsLabel: check, Caveats: []string{g.t("Online only; 2 Mbit/s advised", "عبر الإنترنت فقط؛ يُنصح بـ 2 ميغابت/ث")}},
		ui.Excluded{Summary: g.t("3 offers left out, and why", "3 عروض مستبعدة، وسبب ذلك"), Items: []ui.ExcludedItem{{Title: g.say("Americas cyber drill", "تمرين الأمريكتين السيبراني"), Href: "#", Why: g.t("only for States of the Americas", "لدول الأمريكتين فقط")}, {Title: g.say("Forensics laboratory", "مختبر الأدلة الرقمية"), Href: "#", Why: g.t("closed on 30 September 2026", "أُغلق في 30 أيلول/سبتمبر 2026")}}},
		ui.Gap{Heading: g.t("No offer covers equipment", "لا يوجد عرض يغطي المعدات"), Text: g.t("Nobody offers equipment to the Pacific at present. Providers see this gap without your name.", "لا أحد يقدم معدات إلى المحيط الهادئ حاليًا. يرى مقدمو العروض هذه الفجوة من دون اسمكم."), Actions: []ui.Link{{Text: g.t("Tell me when one appears", "أبلغوني عند ظهور عرض"), Href: "#"}, {Text: g.t("See funds", "الصناديق"), Href: "#"}}},
	)
}

func (g gallery) form() templ.Component {
	f := func(name, en, ar string) ui.Field { return ui.Field{Name: name, Label: g.t(en, ar)} }
	optional := g.t("(optional)", "(اختياري)")
	title := f("title", "Title", "العنوان")
	title.Hint = g.t("Write in the language you think in. Others can be added later.", "اكتب باللغة التي تفكر بها. يمكن إضافة لغات أخرى لاحقًا.")
	long := f("body", "What is needed, and why", "ما المطلوب ولماذا")
	by := f("by", "When is it needed?", "متى يكون مطلوبًا؟")
	by.Hint, by.Error = g.t("For example, 21 6 2027", "مثلاً، 21 6 2027"), g.t("The date must be in the future", "يجب أن يكون التاريخ في المستقبل")
	people := f("people", "How many people take part", "عدد المشاركين")
	people.Optional = optional
	money := f("money", "Budget at hand", "الميزانية المتاحة")
	money.Optional, money.Mark = optional, g.mark(ui.Own)
	file := f("file", "A document that explains it", "وثيقة توضيحية")
	file.Optional, file.Hint = optional, g.t("PDF or text, up to 5 MB. Sending continues where a bad line broke it.", "PDF أو نص، حتى 5 ميغابايت. يستمر الإرسال من حيث انقطع.")
	groups := []ui.OptionGroup{
		{Heading: g.t("Incident response", "الاستجابة للحوادث"), Note: g.t("1 of 3", "1 من 3"), Options: []ui.Option{{Label: g.t("National CSIRT", "فريق وطني للاستجابة"), Value: "1", Chosen: true}, {Label: g.t("Exercises", "التمارين"), Value: "2"}, {Label: g.t("Digital forensics", "الأدلة الجنائية الرقمية"), Value: "3"}}},
		{Heading: g.t("Law and policy", "القانون والسياسات"), Options: []ui.Option{{Label: g.t("Cybercrime law", "قانون الجريمة الإلكترونية"), Value: "4"}}},
		{Heading: g.t("Critical infrastructure", "البنية التحتية الحيوية"), Options: []ui.Option{{Label: g.t("Undersea cables", "الكابلات البحرية"), Value: "5"}}},
	}
	parties := []ui.OptionGroup{{Heading: g.t("Asia-Pacific States", "دول آسيا والمحيط الهادئ"), Options: []ui.Option{{Label: g.t("Fiji", "فيجي"), Value: "FJI", Chosen: true}, {Label: g.t("Tonga", "تونغا"), Value: "TON", Chosen: true}, {Label: g.t("Vanuatu", "فانواتو"), Value: "VUT"}, {Label: g.t("Marshall Islands", "جزر مارشال"), Value: "MHL"}}}, {Heading: g.t("African States", "الدول الأفريقية"), Options: []ui.Option{{Label: g.t("Kenya", "كينيا"), Value: "KEN"}}}}
	row := func(i string) templ.Component {
		a := ui.Field{Name: "out." + i, Label: g.t("What will be different", "ما الذي سيتغير")}
		b := ui.Field{Name: "n." + i, Label: g.t("How it is counted", "كيف يُقاس")}
		return ui.Join(ui.TextInput{Field: a}, ui.TextInput{Field: b, Width: ui.Medium})
	}
	aud := f("audience", "Who may see this need?", "من يمكنه رؤية هذا الاحتياج؟")
	aud.Hint = g.t("You can widen or narrow this later. Nothing is shown before your focal point approves.", "يمكن توسيع ذلك أو تضييقه لاحقًا. لا يُعرض شيء قبل موافقة منسقكم.")
	return ui.Join(
		ui.Title{Text: g.t("Write a need", "كتابة احتياج"), Kicker: g.t("Question 1 of 3", "السؤال 1 من 3"), Lead: g.t("Everything you write is kept as a draft at every step.", "يُحفظ كل ما تكتبه كمسودة في كل خطوة."), Back: &ui.Link{Text: g.t("Back", "رجوع"), Href: "#"}},
		ui.Form{Action: "#", Hidden: []ui.Pair{{Name: "_key", Value: "k1"}}, Buttons: []ui.Button{{Text: g.t("Save and continue", "حفظ ومتابعة"), Rank: ui.Primary}, {Text: g.t("Save as draft", "حفظ كمسودة"), Name: "_draft", Value: "1", NoCheck: true}}, Cancel: &ui.Link{Text: g.t("Cancel", "إلغاء"), Href: "#"}, Body: ui.Join(
			ui.MultiText{Field: title, Add: g.t("Add another language", "إضافة لغة أخرى"), Texts: []ui.LangText{{Lang: i18n.French, Label: g.t("French", "الفرنسية"), Value: "Formation de l’équipe nationale", Error: g.t("Write a longer title", "اكتب عنوانًا أطول")}, {Lang: i18n.Arabic, Label: g.t("Arabic", "العربية"), Value: "تدريب الفريق الوطني", Note: g.t("machine translation, not confirmed", "ترجمة آلية غير مؤكدة")}, {Lang: i18n.English, Label: g.t("English", "الإنكليزية")}}},
			ui.MultiText{Field: long, Long: true, Add: g.t("Add another language", "إضافة لغة أخرى"), Texts: []ui.LangText{{Lang: i18n.French, Label: g.t("French", "الفرنسية")}, {Lang: i18n.English, Label: g.t("English", "الإنكليزية")}}},
			ui.CheckGroups{Field: f("topic", "Topics", "المواضيع"), Groups: groups},
			ui.DateInput{Field: by, Day: "21", Month: "6", Year: "2025", DayLabel: g.t("Day", "اليوم"), MonthLabel: g.t("Month", "الشهر"), YearLabel: g.t("Year", "السنة")},
			ui.Number(ui.TextInput{Field: people, Value: "12", Suffix: g.t("persons", "شخصًا")}),
			ui.Number(ui.TextInput{Field: money, Prefix: "USD"}),
			ui.Radios{Field: f("remote", "Can it be held online?", "هل يمكن عقده عبر الإنترنت؟"), Inline: true, Options: []ui.Option{{Label: g.t("Yes", "نعم"), Value: "y"}, {Label: g.t("No", "لا"), Value: "n"}, {Label: g.t("Not known", "غير معروف"), Value: "?"}}},
			ui.Select{Field: f("form", "Form of help", "شكل المساعدة"), Empty: g.t("Choose…", "اختر…"), Options: []ui.Option{{Label: g.t("Training", "تدريب"), Value: "t"}}},
			ui.Rows{Field: f("results", "Results you hope for", "النتائج المرجوة"), Add: g.t("Add another result", "إضافة نتيجة أخرى"), Remove: g.t("Remove", "إزالة"), Rows: []ui.Row{{Legend: g.t("Result 1", "النتيجة 1"), Body: row("0")}, {Legend: g.t("Result 2", "النتيجة 2"), Body: row("1")}}},
			ui.FileInput{Field: file},
			ui.FormPart{Heading: g.t("Audience", "الجمهور"), Body: ui.AudienceQuestion{Field: aud, Choices: []ui.AudienceChoice{
				{Audience: ui.Public, Label: g.t("Public", "عام"), Explain: g.t("Everybody, also people who are not signed in, and search engines.", "الجميع، بمن فيهم غير المسجلين ومحركات البحث.")},
				{Audience: ui.States, Label: g.t("All Member States", "جميع الدول الأعضاء"), Explain: g.t("The 193 delegations. Not organisations, not the public.", "الوفود الـ193. ليس المنظمات ولا الجمهور.")},
				{Audience: ui.Group, Label: g.t("Named States", "دول محددة"), Explain: g.t("Only the States you choose below.", "الدول التي تختارها أدناه فقط."), Chosen: true, More: ui.PartyPicker{Field: f("groups", "Which States?", "أي دول؟"), Many: true, Groups: parties}},
				{Audience: ui.Own, Label: g.t("Samoa only", "ساموا فقط"), Explain: g.t("Only accounts of your own delegation.", "حسابات وفدكم فقط.")},
				{Audience: ui.Sealed, Label: g.t("Sealed", "مختوم"), Explain: g.t("Encrypted for named persons of your delegation. Never searched or counted.", "مشفر لأشخاص محددين من وفدكم. لا يُبحث فيه ولا يُحصى.")},
			}, Preview: &ui.Readers{Heading: g.t("Who will see this", "من سيرى هذا"), AudienceMark: *g.mark(ui.Group), Sentence: g.t("3 States, by name:", "3 دول بالاسم:"), Names: []ui.Phrase{g.say("Samoa", "ساموا"), g.say("Fiji", "فيجي"), g.say("Tonga", "تونغا")}, Not: g.t("Not shown to other States, organisations or the public.", "لا يُعرض على دول أخرى أو منظمات أو الجمهور.")}}},
		)},
	)
}

func (g gallery) board() templ.Component {
	cell := func(s string, step int) ui.HeatCell { return ui.HeatCell{Text: s, Step: step} }
	hidden := ui.HeatCell{Suppressed: true}
	return ui.Join(
		ui.Title{Text: g.t("Needs and offers", "الاحتياجات والعروض"), Lead: g.t("Where what States need and what is offered meet, and where not.", "أين تلتقي احتياجات الدول بالعروض وأين لا تلتقي.")},
		ui.Stats{{Number: "243", Sentence: g.t("needs are open", "احتياجًا مفتوحًا"), Href: "#"}, {Number: "148", Sentence: g.t("offers can be taken up", "عرضًا متاحًا"), Href: "#"}, {Number: "61", Sentence: g.t("needs have no offer that fits", "احتياجًا بلا عرض ملائم"), Href: "#"}},
		ui.Section{Heading: g.t("Needs by topic and region", "الاحتياجات حسب الموضوع والمنطقة"), Body: ui.Heat{ID: "heat", RTL: g.lang == i18n.Arabic, Caption: g.t("Open needs by topic and region", "الاحتياجات المفتوحة حسب الموضوع والمنطقة"), Corner: g.t("Topic", "الموضوع"), Drawing: g.t("The same table, stronger where there are more needs", "الجدول نفسه، اللون أشد حيث تكثر الاحتياجات"),
			Columns: []string{g.t("Africa", "أفريقيا"), g.t("Asia-Pac.", "آسيا"), g.t("E. Europe", "أوروبا ش."), g.t("Americas", "الأمريكتان"), g.t("W. Europe", "أوروبا غ.")},
			Rows: []ui.HeatRow{
				{Label: g.t("Incident response", "الاستجابة للحوادث"), Cells: []ui.HeatCell{cell("24", 5), cell("19", 4), cell("4", 2), cell("12", 3), cell("0", 0)}},
				{Label: g.t("Cybercrime law", "قانون الجريمة الإلكترونية"), Cells: []ui.HeatCell{cell("16", 4), cell("11", 3), hidden, cell("8", 3), cell("0", 0)}},
				{Label: g.t("Critical infrastructure", "البنية التحتية الحيوية"), Cells: []ui.HeatCell{cell("9", 3), cell("21", 5), cell("3", 1), cell("5", 2), hidden}},
				{Label: g.t("International law", "القانون الدولي"), Cells: []ui.HeatCell{cell("5", 2), cell("7", 2), hidden, cell("3", 1), cell("0", 0)}},
			}, Legend: []string{"0", "3", "4–7", "8–12", "13–19", "20+"}, Hidden: g.t("fewer than 3 States: not shown", "أقل من 3 دول: لا يُعرض"), Source: g.t("Source: 243 needs readable by all Member States. Updated 21 November 2026. No needs shown does not mean no need.", "المصدر: 243 احتياجًا متاحة لجميع الدول الأعضاء. آخر تحديث 21 تشرين الثاني/نوفمبر 2026. عدم عرض احتياجات لا يعني عدم وجودها.")}},
		ui.Section{Heading: g.t("From need to project", "من الاحتياج إلى المشروع"), Body: ui.Funnel{Label: g.t("From need to project", "من الاحتياج إلى المشروع"), Steps: []ui.FunnelStep{{Label: g.t("Needs published", "احتياجات منشورة"), Number: "243", Share: 1}, {Label: g.t("With an offer that fits", "مع عرض ملائم"), Number: "182", Share: .75, Note: g.t("75 of 100 needs", "75 من كل 100 احتياج")}, {Label: g.t("Introduced", "تم التعريف"), Number: "96", Share: .4, Note: g.t("53 of 100 of those", "53 من كل 100 منها")}, {Label: g.t("Project agreed", "مشروع متفق عليه"), Number: "41", Share: .17, Note: g.t("43 of 100 of those", "43 من كل 100 منها")}}}},
	)
}

func (g gallery) check() templ.Component {
	return ui.Join(
		ui.Title{Text: g.t("Checklist before agreement", "قائمة التحقق قبل الاتفاق"), Lead: g.t("27 questions. Each side answers for itself; nobody changes the other’s answer.", "27 سؤالاً. يجيب كل طرف عن نفسه؛ ولا يغير أحد إجابة الآخر.")},
		ui.Checklist{Caption: g.t("Estonia and Samoa: 25 of 27 answered, 2 differ", "إستونيا وساموا: أُجيب عن 25 من 27، يختلف 2"), Question: g.t("Question", "السؤال"), Provider: g.t("Provider: Estonia", "المقدم: إستونيا"), Recipient: g.t("Recipient: Samoa", "المتلقي: ساموا"), Differs: g.t("answers differ", "الإجابتان مختلفتان"), Missing: g.t("not yet answered", "لم يُجب بعد"), Items: []ui.CheckItem{
			{Group: g.t("Purpose", "الغرض"), Number: "1", Question: g.t("Is the need stated by the recipient itself?", "هل حدد المتلقي الاحتياج بنفسه؟"), Provider: g.say("Yes", "نعم"), Recipient: g.say("Yes", "نعم")},
			{Number: "2", Question: g.t("Who takes part, and who chooses them?", "من يشارك ومن يختارهم؟"), Provider: g.say("8 officials, chosen jointly", "8 موظفين يُختارون معًا"), Recipient: g.french("12 agents, choisis par le ministère"), Differs: true},
			{Group: g.t("Sustainability", "الاستدامة"), Number: "3", Question: g.t("What stays when the project ends?", "ماذا يبقى بعد انتهاء المشروع؟"), Provider: g.say("Course material under an open licence", "المواد التدريبية برخصة مفتوحة")},
		}})
}

func (g gallery) signIn() templ.Component {
	email := ui.Field{Name: "email", Label: g.t("E-mail address", "عنوان البريد الإلكتروني")}
	pass := ui.Field{Name: "password", Label: g.t("Password", "كلمة السر")}
	return ui.SignIn{Title: g.t("Sign in", "تسجيل الدخول"), Lead: g.t("For delegations, organisations and the Secretariat. Reading public pages needs no account.", "للوفود والمنظمات والأمانة العامة. قراءة الصفحات العامة لا تتطلب حسابًا."), Ways: []ui.SignInWay{
		{Heading: g.t("With a passkey", "بمفتاح مرور"), Text: g.t("Your phone, computer or security key.", "هاتفك أو حاسوبك أو مفتاح الأمان."), Form: ui.Form{Action: "#", Buttons: []ui.Button{{Text: g.t("Use a passkey", "استخدام مفتاح مرور"), Rank: ui.Primary}}}},
		{Heading: g.t("With a password", "بكلمة سر"), Form: ui.Form{Action: "#", Body: ui.Join(ui.TextInput{Field: email, Type: "email", Autocomplete: "username", Width: ui.Medium}, ui.TextInput{Field: pass, Type: "password", Autocomplete: "current-password", Width: ui.Medium}), Buttons: []ui.Button{{Text: g.t("Sign in", "تسجيل الدخول")}}}},
	}, Help: []ui.Link{{Text: g.t("I have no account", "ليس لدي حساب"), Href: "#"}, {Text: g.t("I lost my key", "فقدت مفتاحي"), Href: "#"}}}
}

func (g gallery) misc() templ.Component {
	var marks, states []templ.Component
	for _, a := range []ui.Audience{ui.Public, ui.States, ui.Group, ui.Own, ui.Sealed} {
		marks = append(marks, ui.AudienceBand{AudienceMark: *g.mark(a), Explain: g.t("Who reads it and who does not.", "من يقرؤه ومن لا يقرؤه.")})
	}
	for _, s := range []ui.Lifecycle{ui.Draft, ui.Awaiting, ui.Published, ui.Due, ui.Returned, ui.Withdrawn, ui.Archived} {
		states = append(states, g.state(s), ui.Words(" \u00a0 "))
	}
	parts := append([]templ.Component{ui.Title{Text: g.t("Signs", "العلامات")}}, marks...)
	row := func(as ...ui.Audience) (cs []templ.Component) {
		for _, a := range as {
			cs = append(cs, g.mark(a), ui.Words(" "))
		}
		return cs
	}
	parts = append(parts, ui.Section{Heading: g.t("Small", "صغيرة"), Body: ui.Join(row(ui.Public, ui.States, ui.Group, ui.Own, ui.Sealed)...)},
		ui.Section{Heading: g.t("States of a record", "حالات السجل"), Body: ui.Join(states...)})
	for _, tone := range []ui.Tone{ui.Info, ui.Success, ui.Warning, ui.Danger} {
		parts = append(parts, ui.Notice{Tone: tone, Heading: g.t("A notice", "إشعار"), Text: g.t("What happened, and what to do about it.", "ما حدث وما ينبغي فعله.")})
	}
	parts = append(parts,
		ui.Facts{{Label: g.t("Title", "العنوان"), Text: g.french("Formation de l’équipe nationale"), Change: &ui.Link{Text: g.t("Change", "تغيير"), Href: "#"}}, {Label: g.t("Audience", "الجمهور"), Body: g.mark(ui.Group), Change: &ui.Link{Text: g.t("Change", "تغيير"), Href: "#"}}},
		ui.Section{Heading: g.t("Other pages", "صفحات أخرى")},
		ui.Confirmed{Title: g.t("Your need is sent for approval", "أُرسل احتياجكم للموافقة"), Label: g.t("Your reference number", "رقمكم المرجعي"), Reference: "CON-2026-0197", Next: g.t("What happens next", "ما الذي سيحدث"), Steps: []string{g.t("Your focal point approves it.", "يوافق عليه منسقكم."), g.t("The portal looks for offers and tells you.", "تبحث البوابة عن عروض وتخبركم.")}, Links: []ui.Link{{Text: g.t("Back to your delegation", "العودة إلى وفدكم"), Href: "#"}}},
		ui.ErrorPage{Code: "404", Title: g.t("There is nothing here", "لا يوجد شيء هنا"), Text: g.t("The address is wrong, or what was here is no longer, or it is not for you to see.", "العنوان خاطئ، أو لم يعد ما كان هنا موجودًا، أو ليس لك أن تراه."), Do: []ui.Link{{Text: g.t("Search", "بحث"), Href: "#"}, {Text: g.t("Home", "الصفحة الرئيسية"), Href: "#"}}, Label: g.t("If you report this, give this number:", "عند الإبلاغ، اذكر هذا الرقم:"), Reference: "7Q2M-0419"},
		ui.Document{Title: g.t("How matching works", "كيف تعمل المطابقة"), Lead: g.t("The portal compares fields, never opinions.", "تقارن البوابة الحقول، لا الآراء."), OnPage: g.t("On this page", "في هذه الصفحة"), Contents: []ui.Link{{Text: g.t("Reasons", "الأسباب"), Href: "#"}, {Text: g.t("What is left out", "ما يُستبعد"), Href: "#"}}, Body: ui.Prose(g.say("Each reason has a weight, and the weights add up.\n\nNothing is learned from other States’ behaviour.", "لكل سبب وزن، وتُجمع الأوزان.\n\nلا يُستفاد شيء من سلوك دول أخرى.")), Updated: g.t("Updated 21 November 2026", "آخر تحديث 21 تشرين الثاني/نوفمبر 2026")},
	)
	return ui.Join(parts...)
}
