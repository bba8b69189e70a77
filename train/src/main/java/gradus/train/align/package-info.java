/// Lets a model that is there already learn by reinforcement from tasks with checkable answers: what `gradus
/// align` does, for programs.
package gradus.train.align;
