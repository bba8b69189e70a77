/// `gradus lab rules`: whether a model has understood a chain of rules, or repeats what it saw.
package gradus.lessons.lab.rules;
