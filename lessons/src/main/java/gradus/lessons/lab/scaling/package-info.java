/// `gradus lab scaling`: how the loss of small GPTs falls with their size, their tokens and their compute.
package gradus.lessons.lab.scaling;
