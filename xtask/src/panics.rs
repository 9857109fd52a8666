//! A panic in a wasm module traps at once. There is nobody to read its message, and what writes it,
//! with what it says and where, is a tenth of a small module.

use std::{collections::HashSet, ops::Range};
use walrus::{
    ConstExpr, DataKind, FunctionId, FunctionKind, Module,
    ir::{Call, Instr, InstrSeq, Unreachable, Value, VisitorMut, dfs_pre_order_mut},
    passes,
};

/// What panics and nothing else calls, by parts of mangled names.
pub const PANICS: &[&str] = &[
    "4core9panicking",
    "16slice_index_fail",
    "17len_mismatch_fail",
];

/// The same where no number is written but in a panic's message.
pub const PANICS_AND_NUMBERS: &[&str] = &[
    "4core9panicking",
    "16slice_index_fail",
    "17len_mismatch_fail",
    "3fmt3num",
];

/// The module without the functions of such names, and without their arguments.
pub fn cut(mut module: Module, names: &[&str]) -> Vec<u8> {
    let mut cut = Trap::default();
    for function in module.funcs.iter_mut() {
        let name = function.name.as_deref().unwrap_or_default();
        let matches = names.iter().any(|part| name.contains(part));
        if let (true, FunctionKind::Local(body)) = (matches, &mut function.kind) {
            let mut instructions = body.builder_mut().func_body();
            instructions.instrs_mut().clear();
            instructions.unreachable();
            cut.functions.insert(function.id());
        }
    }
    for (_, function) in module.funcs.iter_local_mut() {
        let entry = function.entry_block();
        dfs_pre_order_mut(&mut cut, function, entry);
    }
    passes::gc::run(&mut module);
    let segments: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    for segment in segments {
        let data = module.data.get_mut(segment);
        if let DataKind::Active {
            offset: ConstExpr::Value(Value::I32(start)),
            ..
        } = data.kind
        {
            forget_places(&mut data.value, start.cast_unsigned());
        }
    }
    module.emit_wasm()
}

/// Whoever calls a function that traps, traps: nothing is left of what would come after it, nor of
/// the arguments that were ready.
#[derive(Default)]
struct Trap {
    functions: HashSet<FunctionId>,
}

impl VisitorMut for Trap {
    fn start_instr_seq_mut(&mut self, sequence: &mut InstrSeq) {
        let traps = |instruction: &Instr| matches!(instruction, Instr::Call(Call { func }) if self.functions.contains(func));
        let Some(at) = sequence
            .iter()
            .position(|(instruction, _)| traps(instruction))
        else {
            return;
        };
        let after = sequence.instrs.split_off(at);
        let ready =
            |instruction: &Instr| matches!(instruction, Instr::Const(_) | Instr::LocalGet(_));
        while sequence
            .instrs
            .pop_if(|(instruction, _)| ready(instruction))
            .is_some()
        {}
        let trap = after.into_iter().take(1);
        let trap = trap.map(|(_, place)| (Instr::Unreachable(Unreachable {}), place));
        sequence.instrs.extend(trap);
    }
}

/// Overwrites the places in source files that panics would tell: a pointer to the file's name, its
/// length, line and column.
fn forget_places(data: &mut [u8], start: u32) {
    let mut forgotten: Vec<Range<usize>> = Vec::new();
    for (place, words) in data.windows(16).enumerate().step_by(4) {
        if let Some(name) = name_of(words, data, start) {
            forgotten.extend([name, place..place.saturating_add(16)]);
        }
    }
    for range in forgotten {
        if let Some(forgotten) = data.get_mut(range) {
            forgotten.fill(0);
        }
    }
}

/// Where the name of the file is, if these are the words of a place.
fn name_of(words: &[u8], data: &[u8], start: u32) -> Option<Range<usize>> {
    let (words, _) = words.as_chunks();
    let [pointer, length, ..] = *words else {
        return None;
    };
    let from = u32::from_le_bytes(pointer).checked_sub(start)?;
    let to = from.checked_add(u32::from_le_bytes(length))?;
    let range = usize::try_from(from).ok()?..usize::try_from(to).ok()?;
    let name = data.get(range.clone())?;
    (name.is_ascii() && name.ends_with(b".rs")).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{FunctionBuilder, InstrSeqBuilder};

    #[test]
    fn a_place_is_forgotten_and_nothing_else() {
        let mut data = b"kept src/lib.rs\0".to_vec();
        for word in [1024 + 5, 10, 12, 34, 1024, 4, 12, 34_u32] {
            data.extend(word.to_le_bytes());
        }
        let kept = data[32..].to_vec();
        forget_places(&mut data, 1024);
        assert_eq!(&data[..5], b"kept ");
        assert_eq!(data[5..32], [0; 27]);
        assert_eq!(data[32..], kept);
    }

    #[test]
    fn nothing_is_left_of_a_call_that_panics_but_a_trap() {
        let mut module = Module::default();
        let message = build(&mut module, "message", |body| {
            body.unreachable();
        });
        let panic = build(&mut module, "_ZN4core9panicking5panic", |body| {
            body.call(message).unreachable();
        });
        let asked = build(&mut module, "asked", |body| {
            body.i32_const(1)
                .drop()
                .i32_const(7)
                .call(panic)
                .i32_const(8)
                .drop();
        });
        module.exports.add("asked", asked);
        let module = cut(module, PANICS);
        let module = Module::from_buffer(&module).unwrap();
        let (_, asked) = module.funcs.iter_local().next().unwrap();
        assert_eq!(module.funcs.iter().count(), 1);
        let left = &asked.block(asked.entry_block()).instrs;
        assert!(matches!(
            &left[..],
            [
                (Instr::Const(_), _),
                (Instr::Drop(_), _),
                (Instr::Unreachable(_), _)
            ]
        ));
    }

    fn build(
        module: &mut Module,
        name: &str,
        body: impl FnOnce(&mut InstrSeqBuilder),
    ) -> FunctionId {
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        builder.name(name.to_owned());
        body(&mut builder.func_body());
        builder.finish(Vec::new(), &mut module.funcs)
    }
}
