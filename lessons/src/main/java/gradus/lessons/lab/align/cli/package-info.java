/// `gradus lab align`: all parts of the experiment in one report.
package gradus.lessons.lab.align.cli;
