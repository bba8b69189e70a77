/// `gradus lab prompt` and `gradus lab material`.
package gradus.lessons.lab.prompt.cli;
