/// Fine-tuning: training a model that is there already on other data. A [gradus.train.finetune.TuningMethod]
/// says what is learnt, a [gradus.train.finetune.TuningData] from what, and
/// [gradus.train.finetune.Finetuning] does it.
package gradus.train.finetune;
