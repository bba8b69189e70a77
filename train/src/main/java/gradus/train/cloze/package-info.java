/// Telling classes of texts with a masked-language model, in two ways: by a cloze, which the model fills as
/// it was trained to ([gradus.train.cloze.ClozeClassifier]), and by a new head on `[CLS]`
/// ([gradus.train.cloze.ClsClassifier]). [gradus.train.cloze.Classification] trains both, and
/// [gradus.train.cloze.AuxiliaryMaskedLm] the first beside masked-language modelling.
package gradus.train.cloze;
