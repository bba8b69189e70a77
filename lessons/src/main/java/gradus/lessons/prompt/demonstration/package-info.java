/// Examples in the prompt: which ones, in which order, in which words, and what they do to the labels.
package gradus.lessons.prompt.demonstration;
