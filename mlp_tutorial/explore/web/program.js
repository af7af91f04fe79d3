// The whole PyTorch program for what the explorer of training shows: the same rows, weights, steps and losses.

const ACTIVATION = { ReLU: "nn.ReLU()", tanh: "nn.Tanh()", sigmoid: "nn.Sigmoid()" };
const LOSS = { CEE: "F.cross_entropy(y_pred, y)", MSE: "F.mse_loss(y_pred, F.one_hot(y, 2).double())" };

// texts: those of program.txt, whose «names» are filled in, and of points.py.
export function program(texts, state, widths, nSteps) {
  const layers = widths.slice(1).flatMap((nOut, i) => {
    const linear = `nn.Linear(${widths[i]}, ${nOut}, dtype=torch.float64)`;
    return i < widths.length - 2 && ACTIVATION[state.activation] ? [linear, ACTIVATION[state.activation]] : [linear];
  });
  const points = texts["points.py"].slice(texts["points.py"].indexOf("import numpy")).trim();
  const filled = { ...state, points, layers: layers.join(",\n    "), n_steps: nSteps, loss: LOSS[state.loss] };
  filled.batch_size ||= state.n_train;
  return texts["program.txt"].replace(/«(\w+)»/g, (_, name) => filled[name]);
}
