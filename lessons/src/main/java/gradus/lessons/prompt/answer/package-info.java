/// Answers taken out of what a model has written.
package gradus.lessons.prompt.answer;
