/// `gradus lab cloze`: a BERT that is trained here tells the kind of WordNet's glosses, by a cloze and by a
/// new head on `[CLS]`, with few and with many examples.
package gradus.lessons.lab.cloze;
