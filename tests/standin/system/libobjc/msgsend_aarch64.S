// objc_msgSend and its kin over objc_msg_lookup: keep every argument register, ask for the implementation, jump to it.
// Structures are returned through x8, which is kept, so there is no _stret variant here, as on iOS.

.macro SAVE
  stp x29, x30, [sp, #-0xe0]!
  mov x29, sp
  stp x0, x1, [sp, #0x10]
  stp x2, x3, [sp, #0x20]
  stp x4, x5, [sp, #0x30]
  stp x6, x7, [sp, #0x40]
  str x8, [sp, #0x50]
  stp q0, q1, [sp, #0x60]
  stp q2, q3, [sp, #0x80]
  stp q4, q5, [sp, #0xa0]
  stp q6, q7, [sp, #0xc0]
.endm

.macro CALL_GNU name
  adrp x16, gnu_\name
  ldr x16, [x16, #:lo12:gnu_\name]
  blr x16
.endm

.macro RESTORE_AND_JUMP
  mov x17, x0
  ldp q6, q7, [sp, #0xc0]
  ldp q4, q5, [sp, #0xa0]
  ldp q2, q3, [sp, #0x80]
  ldp q0, q1, [sp, #0x60]
  ldr x8, [sp, #0x50]
  ldp x6, x7, [sp, #0x40]
  ldp x4, x5, [sp, #0x30]
  ldp x2, x3, [sp, #0x20]
  ldp x0, x1, [sp, #0x10]
  ldp x29, x30, [sp], #0xe0
  br x17
.endm

.macro FUNCTION name
  .p2align 4
  .globl \name
  .type \name, %function
\name:
.endm

.text

FUNCTION objc_msgSend
  SAVE
  CALL_GNU objc_msg_lookup
  RESTORE_AND_JUMP
.size objc_msgSend, . - objc_msgSend

// struct objc_super { id receiver; Class super_class; }: the lookup takes it, the implementation takes the receiver.
FUNCTION objc_msgSendSuper
  SAVE
  CALL_GNU objc_msg_lookup_super
  ldr x9, [sp, #0x10]
  ldr x9, [x9]
  str x9, [sp, #0x10]
  RESTORE_AND_JUMP
.size objc_msgSendSuper, . - objc_msgSendSuper

.section .note.GNU-stack, "", %progbits
