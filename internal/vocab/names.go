package vocab

// The names of the vocabularies, each in data/<name>.json.
const (
	Topic            = "topic"             // two levels: the 21 areas and their topics
	Dimension        = "dimension"         // policy, operations, technology, legislation, diplomacy
	Capability       = "capability"        // UNIDIR's five foundational cyber capability elements
	Modality         = "modality"          // form of the help: training, equipment, …
	Timeframe        = "timeframe"         // by when a need is to be met
	Priority         = "priority"          // set by the State only
	Cooperation      = "cooperation"       // South-South, triangular, …
	Mode             = "mode"              // in person, online, …
	Level            = "level"             // of a course
	DeliveryLanguage = "delivery-language" // ISO 639-1
	NeedStatus       = "need-status"
	OfferStatus      = "offer-status"
	ProjectStatus    = "project-status"
	FundType         = "fund-type"
	SizeClass        = "size-class" // bands in US dollars
	Cost             = "cost"       // to the recipient
	Conditions       = "conditions" // an answer is mandatory (P10)
	AudienceGroup    = "audience-group"
	Scope            = "scope"
	PartnerRole      = "partner-role"
	Pillar           = "pillar" // of the framework of responsible State behaviour
	UNProcess        = "un-process"
	ProviderType     = "provider-type"
	Readiness        = "readiness" // starting point of a need
	SDG              = "sdg"
	HelpType         = "help-type" // of an emergency request
	Impact           = "impact"    // of what an emergency request is about
	Result           = "result"    // of an indicator
)
