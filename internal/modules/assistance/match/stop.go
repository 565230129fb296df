package match

// stopWord reports words in lower case that say nothing of what is wanted or
// offered: function words, and the words of asking itself. They are no words in
// common, however rare they are among the offers.
func stopWord(w, lang string) bool {
	switch lang {
	case "en":
		return englishStop(w)
	case "fr":
		return frenchStop(w)
	case "es":
		return spanishStop(w)
	case "ru":
		return russianStop(w)
	case "ar":
		return arabicStop(w)
	}
	return false
}

func englishStop(w string) bool {
	switch w {
	case "about", "above", "across", "after", "all", "also", "among", "an", "and", "any", "are", "as", "at", "be", "been",
		"before", "being", "between", "both", "but", "by", "can", "could", "did", "do", "does", "during", "each", "either",
		"for", "from", "had", "has", "have", "how", "if", "in", "into", "is", "it", "its", "may", "might", "more", "most",
		"must", "need", "needed", "needing", "needs", "no", "nor", "not", "of", "on", "only", "or", "other", "others", "our",
		"over", "own", "same", "shall", "should", "so", "some", "such", "than", "that", "the", "their", "them", "then",
		"there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "upon", "very", "via",
		"was", "we", "were", "what", "when", "where", "whether", "which", "while", "who", "whose", "will", "with", "within",
		"without", "would", "you", "your":
		return true
	}
	return false
}

func frenchStop(w string) bool {
	switch w {
	case "afin", "ainsi", "au", "aussi", "autre", "autres", "aux", "avec", "avoir", "besoin", "besoins", "ce", "ces", "cet",
		"cette", "chaque", "comme", "dans", "de", "des", "dont", "du", "elle", "elles", "en", "entre", "est", "et", "être",
		"il", "ils", "la", "le", "les", "leur", "leurs", "lors", "mais", "ne", "nos", "notre", "nous", "on", "ou", "où",
		"par", "pas", "peut", "peuvent", "plus", "pour", "que", "qui", "sa", "sans", "se", "ses", "si", "son", "sont",
		"sous", "sur", "tous", "tout", "toute", "toutes", "un", "une", "vers", "vos", "votre", "vous":
		return true
	}
	return false
}

func spanishStop(w string) bool {
	switch w {
	case "al", "como", "con", "cuando", "de", "del", "desde", "donde", "el", "ella", "en", "entre", "es", "esta", "estas",
		"este", "estos", "han", "hasta", "la", "las", "le", "les", "lo", "los", "más", "necesidad", "necesidades", "no",
		"nos", "nuestra", "nuestro", "o", "otra", "otras", "otro", "otros", "para", "pero", "por", "puede", "pueden", "que",
		"quien", "se", "ser", "si", "sin", "sobre", "son", "su", "sus", "también", "toda", "todas", "todo", "todos", "un",
		"una", "unas", "unos":
		return true
	}
	return false
}

func russianStop(w string) bool {
	switch w {
	case "без", "бы", "быть", "во", "все", "всех", "где", "для", "до", "другие", "других", "его", "ее", "если", "есть",
		"за", "из", "или", "им", "их", "как", "ко", "которая", "которое", "которые", "который", "которых", "между", "мы",
		"на", "над", "наш", "не", "но", "об", "они", "от", "по", "под", "потребности", "потребность", "при", "со", "так",
		"также", "то", "того", "что", "чтобы", "эта", "эти", "это", "этого", "этой", "этот":
		return true
	}
	return false
}

func arabicStop(w string) bool {
	switch w {
	case "أن", "أو", "إلى", "إن", "احتياجات", "التي", "الذي", "الذين", "بعد", "بين", "حاجة", "خلال", "ذلك", "عبر", "على",
		"عن", "عند", "غير", "في", "قبل", "قد", "كل", "كما", "لا", "ما", "مع", "من", "هذا", "هذه", "هو", "هي":
		return true
	}
	return false
}
