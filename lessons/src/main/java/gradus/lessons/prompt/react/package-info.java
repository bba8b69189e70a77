/// Reasoning and acting by turns: a model thinks, uses a tool, and reads what the tool has brought.
package gradus.lessons.prompt.react;
