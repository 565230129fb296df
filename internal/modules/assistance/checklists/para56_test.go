package checklists

// para56 is the English text of A/75/816, Annex I, paragraph 56.
const para56 = `Capacity-building should be a sustainable process, comprising specific activities by and for different actors.
Specific activities should have a clear purpose and be results focused, while supporting the shared objective of an open, secure, stable, accessible and peaceful ICT environment.
Capacity-building activities should be evidence-based, politically neutral, transparent, accountable, and without conditions.
Capacity-building should be undertaken with full respect for the principle of State sovereignty.
Access to relevant technologies may need to be facilitated.
Capacity-building should be based on mutual trust, demand-driven, correspond to nationally identified needs and priorities, and be undertaken in full recognition of national ownership. Partners in capacity-building participate voluntarily.
As capacity-building activities should be tailored to specific needs and contexts, all parties are active partners with shared but differentiated responsibilities, including to collaborate in the design, execution and monitoring and evaluation of capacity-building activities.
The confidentiality of national policies and plans should be protected and respected by all partners.
Capacity-building should respect human rights and fundamental freedoms, be gender sensitive and inclusive, universal and non-discriminatory.
The confidentiality of sensitive information should be ensured.`
