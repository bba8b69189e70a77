/// `gradus lab norms`: what each norm, before or after a branch, does to loss, learning rate, gradient and
/// time.
package gradus.lessons.lab.norms;
