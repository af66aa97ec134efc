// The progress of a model through its epochs: losses, epochs without improvement, the reason to stop, and the points of
// its path. Needs the binding config, and finite.

// True if the parameters after this many epochs are a point of the path.
fn is_on_path(epoch: u32, settings: Settings) -> bool {
  return settings.path_every > 0 && epoch % settings.path_every == 0;
}

// The index of that point in the history.
fn point_at(epoch: u32, d: u32, settings: Settings) -> u32 {
  return settings.first_point + (epoch / settings.path_every - 1) * (d + 1);
}

// True if the next update is the last of its epoch.
fn ends_epoch(current: Progress) -> bool {
  return current.batch + 1 == config.batch_count;
}

// Number of batch losses that are added up before their sum joins the sum of the epoch: no sum in f32 grows long.
const LOSS_BLOCK = 1024u;

// The progress after an update. `loss` is the objective of its batch before it, `share` the share of the batch in all
// examples.
fn progress_after_update(before: Progress, loss: f32, share: f32, settings: Settings) -> Progress {
  var after = before;
  if (!is_finite(loss)) {
    after.stop_reason = DIVERGED;
    return after;
  }
  after.batch += 1;
  after.last_losses += share * loss;
  if (after.batch % LOSS_BLOCK == 0 || ends_epoch(before)) {
    after.loss_sum += after.last_losses;
    after.last_losses = 0;
  }
  if (ends_epoch(before)) {
    return progress_after_epoch(after, settings);
  }
  return after;
}

// The progress after the last update of an epoch. The loss of an epoch is the mean over its examples.
fn progress_after_epoch(at_end: Progress, settings: Settings) -> Progress {
  let loss = at_end.loss_sum;
  var after = at_end;
  after.epoch += 1;
  after.batch = 0;
  after.loss_sum = 0;
  after.loss = loss;
  if (settings.tolerance > 0 && at_end.epoch > 0) {
    var change = at_end.loss - loss;
    if (may_rise(settings.optimizer)) {
      change = abs(change);
    }
    after.quiet_epochs = select(0, at_end.quiet_epochs + 1, change <= settings.tolerance * at_end.loss);
    if (after.quiet_epochs >= settings.patience) {
      after.stop_reason = PLATEAU;
    }
  }
  if (after.stop_reason == RUNNING && after.epoch >= settings.epochs) {
    after.stop_reason = FINISHED;
  }
  return after;
}

// True for optimizers whose loss can rise temporarily: a rise then does not mean convergence.
fn may_rise(optimizer: u32) -> bool {
  return optimizer == MOMENTUM || optimizer == NESTEROV || optimizer == ADAM;
}
