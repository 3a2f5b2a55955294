// objc_msgSend and its kin over objc_msg_lookup: keep every argument register, ask for the implementation, jump to it.
// SAVE leaves a frame, so that a backtrace taken in the lookup is whole.

.macro SAVE
  push %rbp
  mov %rsp, %rbp
  sub $0xc0, %rsp
  mov %rdi, -0x08(%rbp)
  mov %rsi, -0x10(%rbp)
  mov %rdx, -0x18(%rbp)
  mov %rcx, -0x20(%rbp)
  mov %r8, -0x28(%rbp)
  mov %r9, -0x30(%rbp)
  mov %rax, -0x38(%rbp)
  movups %xmm0, -0x50(%rbp)
  movups %xmm1, -0x60(%rbp)
  movups %xmm2, -0x70(%rbp)
  movups %xmm3, -0x80(%rbp)
  movups %xmm4, -0x90(%rbp)
  movups %xmm5, -0xa0(%rbp)
  movups %xmm6, -0xb0(%rbp)
  movups %xmm7, -0xc0(%rbp)
.endm

.macro RESTORE_AND_JUMP
  mov %rax, %r11
  movups -0x50(%rbp), %xmm0
  movups -0x60(%rbp), %xmm1
  movups -0x70(%rbp), %xmm2
  movups -0x80(%rbp), %xmm3
  movups -0x90(%rbp), %xmm4
  movups -0xa0(%rbp), %xmm5
  movups -0xb0(%rbp), %xmm6
  movups -0xc0(%rbp), %xmm7
  mov -0x08(%rbp), %rdi
  mov -0x10(%rbp), %rsi
  mov -0x18(%rbp), %rdx
  mov -0x20(%rbp), %rcx
  mov -0x28(%rbp), %r8
  mov -0x30(%rbp), %r9
  mov -0x38(%rbp), %rax
  leave
  jmp *%r11
.endm

.macro FUNCTION name
  .p2align 4
  .globl \name
  .type \name, @function
\name:
.endm

.text

FUNCTION objc_msgSend
  SAVE
  call *gnu_objc_msg_lookup(%rip)
  RESTORE_AND_JUMP
.size objc_msgSend, . - objc_msgSend

.globl objc_msgSend_fpret
.type objc_msgSend_fpret, @function
.set objc_msgSend_fpret, objc_msgSend

// The first register holds the address of the structure to return.
FUNCTION objc_msgSend_stret
  SAVE
  mov %rsi, %rdi
  mov %rdx, %rsi
  call *gnu_objc_msg_lookup(%rip)
  RESTORE_AND_JUMP
.size objc_msgSend_stret, . - objc_msgSend_stret

// struct objc_super { id receiver; Class super_class; }: the lookup takes it, the implementation takes the receiver.
FUNCTION objc_msgSendSuper
  SAVE
  call *gnu_objc_msg_lookup_super(%rip)
  mov -0x08(%rbp), %rdi
  mov (%rdi), %rdi
  mov %rdi, -0x08(%rbp)
  RESTORE_AND_JUMP
.size objc_msgSendSuper, . - objc_msgSendSuper

FUNCTION objc_msgSendSuper_stret
  SAVE
  mov %rsi, %rdi
  mov %rdx, %rsi
  call *gnu_objc_msg_lookup_super(%rip)
  mov -0x10(%rbp), %rsi
  mov (%rsi), %rsi
  mov %rsi, -0x10(%rbp)
  RESTORE_AND_JUMP
.size objc_msgSendSuper_stret, . - objc_msgSendSuper_stret

.section .note.GNU-stack, "", @progbits
