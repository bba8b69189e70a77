/// `gradus lab align`, part (b): GRPO divides the loss of an answer by its length, and what becomes of the
/// lengths.
package gradus.lessons.lab.align.length;
