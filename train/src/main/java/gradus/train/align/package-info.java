/// Lets a model that is there already learn what is wanted of it: by reinforcement, from tasks with checkable
/// answers or from what a reward model says, or from answers of which it is known which are better. What
/// `gradus align` does, for programs.
package gradus.train.align;
