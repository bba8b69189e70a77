/// What alignment does to a small model that knows a task by half: a verifiable task is learned from examples to about
/// one right answer in two, and the rest of the way by reinforcement.
package gradus.lessons.lab.align;
