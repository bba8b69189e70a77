/// `gradus lab retrieve`: ways of searching, measured on WordNet, whose answers are known.
package gradus.lessons.lab.retrieve;
