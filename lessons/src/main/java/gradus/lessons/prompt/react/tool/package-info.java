/// Tools that a model may use, and what keeps them within bounds.
package gradus.lessons.prompt.react.tool;
