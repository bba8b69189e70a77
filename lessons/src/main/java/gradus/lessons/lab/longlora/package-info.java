/// `gradus lab longlora`: what LongLoRA must train for a longer context.
package gradus.lessons.lab.longlora;
