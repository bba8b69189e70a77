/// `gradus lab inference`: what reading and writing cost, counted and measured, against the roofline of this
/// machine.
package gradus.lessons.lab.inference;
