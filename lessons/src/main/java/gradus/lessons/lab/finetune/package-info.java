/// `gradus lab finetune`: ways of fine-tuning compared on one small model that is trained here, by what they
/// train, need, learn and forget.
package gradus.lessons.lab.finetune;
