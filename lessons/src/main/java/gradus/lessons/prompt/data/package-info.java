/// Loops in which a model writes the data that it is then tuned with: Self-Instruct and Evol-Instruct.
package gradus.lessons.prompt.data;
