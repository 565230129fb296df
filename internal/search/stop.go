package search

// isStop reports the function words of a folded word's language. They stay in
// the index (WHO, US and IT are written like three of them); a query only does
// not insist on them, unless it has no other words.
func isStop(w string, c chain) bool {
	switch w {
	case "в", "во", "на", "и", "с", "со", "к", "ко", "о", "об", "от", "из", "за", "по", "для", "до", "у", "не", "что", "как", "или", "а", "но",
		"من", "في", "الي", "علي", "عن", "مع", "او", "ان", "و", "لا", "ما", "التي", "الذي", "هذا", "هذه", "بين", "كل":
		return true
	}
	if (c == chainEnglish || c == chainUnknown) && isEnglishStop(w) {
		return true
	}
	if (c == chainFrench || c == chainUnknown) && isFrenchStop(w) {
		return true
	}
	return (c == chainSpanish || c == chainUnknown) && isSpanishStop(w)
}

func isEnglishStop(w string) bool {
	switch w {
	case "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "how", "in", "is", "it", "its",
		"of", "on", "or", "that", "the", "their", "this", "to", "was", "were", "what", "which", "who", "with":
		return true
	}
	return false
}

func isFrenchStop(w string) bool {
	switch w {
	case "a", "au", "aux", "avec", "ce", "ces", "cette", "dans", "de", "des", "du", "elle", "en", "est", "et", "il",
		"la", "le", "les", "leur", "leurs", "ne", "ou", "par", "pas", "pour", "que", "qui", "sa", "se", "ses", "son",
		"sont", "sur", "un", "une":
		return true
	}
	return false
}

func isSpanishStop(w string) bool {
	switch w {
	case "a", "al", "como", "con", "de", "del", "el", "en", "es", "la", "las", "lo", "los", "no", "o", "para", "por",
		"que", "se", "ser", "su", "sus", "un", "una", "y":
		return true
	}
	return false
}
