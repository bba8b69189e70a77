/// `gradus lab prompt`, parts cot, self-consistency and loop: a task that is easy in steps and hard at one
/// glance.
package gradus.lessons.lab.prompt.sum;
