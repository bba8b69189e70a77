/// `gradus lab`: experiments that compare methods on models trained here, each a table by one command.
package gradus.lessons.lab;
